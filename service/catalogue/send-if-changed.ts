import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Caller } from '../access/caller.ts'
import type { ResultHead } from '../engine/messages.ts'

/** Answers with the snapshot as ETag: as long as nobody commits, a caller that asks again gets 304 and no body. */
export function sendIfChanged<Body extends object>(
  request: FastifyRequest,
  reply: FastifyReply,
  { snapshotId = '' }: ResultHead,
  body: Body,
): FastifyReply {
  const tag = `"${snapshotId}${ofGrants(request.caller)}"`
  reply.header('etag', tag).header('x-snapshot-id', snapshotId).header('cache-control', 'private, no-cache').header('vary', 'authorization')
  const known = request.headers['if-none-match']?.split(',').map(each => each.trim().replace(/^W\//, ''))
  if (known?.includes(tag)) return reply.code(304).send()
  return reply.send({ snapshotId, ...body })
}

/** The same snapshot looks different to a key whose grants were changed. */
function ofGrants({ grants }: Caller): string {
  return grants ? `-${createHash('sha256').update(JSON.stringify(grants)).digest('hex').slice(0, 12)}` : ''
}
