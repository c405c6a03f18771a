import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { assertMayUseObjects } from '../access/assert-objects.ts'
import { ServiceError } from '../errors.ts'
import { type ByteRange, readRange } from '../objects/byte-range.ts'
import { objectHeaders, versionHeaders } from '../objects/object-headers.ts'
import { checkKey, checkPrefix } from '../objects/object-key.ts'
import type { ListEntry, ObjectProperties } from '../objects/object-store.ts'
import { isSameVersion, isWanted } from '../objects/preconditions.ts'
import { cutWhenStalled } from '../results/send-stream.ts'
import { keyPath } from './object-path.ts'
import { anyText, next, Pages, pageQuery } from './pages.ts'
import { problems } from './schemas.ts'

const listed = Type.Object(
  {
    key: Type.String(),
    bytes: Type.Integer(),
    etag: Type.String({ description: 'With it as If-Match or If-None-Match, as the header ETag has it.' }),
    modifiedAt: Type.String(),
  },
  { title: 'Object' },
)
const listQuery = Type.Object(
  {
    ...pageQuery,
    prefix: Type.Optional(Type.String({ maxLength: 1_024, description: 'What keys begin with.' })),
    delimiter: Type.Optional(
      Type.Literal('/', { description: 'Keys that go on behind the prefix and a / are one entry of `prefixes`, as in a folder.' }),
    ),
  },
  { additionalProperties: false },
)
const bytes = { content: { '*/*': { schema: Type.String({ format: 'binary' }) } } }
const unchanged = Type.Null({ description: 'It is the version of If-None-Match' })
const conditions = Type.Object({
  range: Type.Optional(
    Type.String({ description: '`bytes=0-99`, `bytes=100-` or `bytes=-100`: one range; for several the whole is sent.' }),
  ),
  'if-range': Type.Optional(Type.String()),
  'if-match': Type.Optional(Type.String()),
  'if-none-match': Type.Optional(Type.String()),
})
const pages = new Pages('objects', [anyText])
const tags = ['objects']
const config = { scope: 'read' } as const

/** `GET`, `HEAD` and `DELETE /v1/objects/{key}`, and the list of them. */
export const objectRoutes: FastifyPluginAsyncTypebox = async app => {
  app.get(
    '/v1/objects',
    {
      config,
      schema: {
        tags,
        summary: 'Objects of the raw datasets by key',
        querystring: listQuery,
        response: { 200: Type.Object({ objects: Type.Array(listed), prefixes: Type.Array(Type.String()), next }), ...problems },
      },
    },
    async ({ caller, query }) => {
      assertMayUseObjects(caller, 'read')
      const { limit, after } = pages.wanted(query)
      const order = { prefix: checkPrefix(query.prefix ?? ''), delimiter: query.delimiter, after: after?.[0], limit }
      if (order.after !== undefined) checkPrefix(order.after)
      const { entries, next: following } = pages.page(await app.objects.list(order), limit, entry => [nameOf(entry)])
      const objects = entries.flatMap(entry => ('key' in entry ? [shown(entry)] : []))
      return { objects, prefixes: entries.flatMap(entry => ('prefix' in entry ? [entry.prefix] : [])), next: following }
    },
  )

  app.head(
    '/v1/objects/*',
    {
      config,
      schema: {
        tags,
        summary: 'What is known of an object',
        params: keyPath,
        response: {
          200: { description: 'Its headers', ...bytes },
          304: unchanged,
          ...problems,
        },
      },
    },
    async (request, reply) => {
      assertMayUseObjects(request.caller, 'read')
      const found = await app.objects.find(checkKey(request.params['*']))
      if (!isWanted(request.headers, found)) return reply.code(304).headers(versionHeaders(found)).send(null)
      return reply.headers({ ...objectHeaders(found), 'content-length': `${found.bytes}` }).send('')
    },
  )

  app.get(
    '/v1/objects/*',
    {
      config,
      schema: {
        tags,
        summary: 'The bytes of an object, or a range of them',
        params: keyPath,
        headers: conditions,
        response: {
          200: { description: 'All bytes', ...bytes },
          206: { description: 'The range', ...bytes },
          304: unchanged,
          ...problems,
        },
      },
    },
    async (request, reply) => {
      assertMayUseObjects(request.caller, 'read')
      return sendObject(request, reply, checkKey(request.params['*']))
    },
  )

  app.delete(
    '/v1/objects/*',
    {
      config: { scope: 'write' },
      schema: { tags, summary: 'Remove an object', params: keyPath, response: { 204: Type.Null(), ...problems } },
    },
    async ({ caller, params, headers }, reply) => {
      assertMayUseObjects(caller, 'write')
      refuseConditions(headers)
      await app.objects.remove(checkKey(params['*']))
      return reply.code(204).send(null)
    },
  )

  async function sendObject(request: FastifyRequest, reply: FastifyReply, key: string): Promise<FastifyReply> {
    const { headers } = request
    for (let tries = 0; tries < maxTries; tries += 1) {
      const found = await app.objects.find(key)
      if (!isWanted(headers, found)) return reply.code(304).headers(versionHeaders(found)).send(null)
      const range = isSameVersion(headers['if-range']?.toString(), found) ? rangeOf(reply, headers.range, found) : undefined
      const body = await app.objects.read(found, range)
      if (!body) continue
      if (range) reply.code(206).header('content-range', `bytes ${range.start}-${range.end}/${found.bytes}`)
      reply.headers({ ...objectHeaders(found), 'content-length': `${range ? range.end - range.start + 1 : found.bytes}` })
      cutWhenStalled(reply.raw)
      return reply.send(body)
    }
    throw new ServiceError('conflict', `The object ${key} is changed all the time: try again later.`)
  }
}

/** How often another object may come into the place of the one that was found, before it is read. */
const maxTries = 5

/** @throws ServiceError invalidRequest: a condition that is not looked at must not seem to hold */
export function refuseConditions(headers: FastifyRequest['headers']): void {
  for (const name of ['if-match', 'if-unmodified-since'])
    if (headers[name] !== undefined) throw new ServiceError('invalidRequest', `${name} is not looked at here: leave it out.`)
}

function rangeOf(reply: FastifyReply, header: string | undefined, found: ObjectProperties): ByteRange | undefined {
  try {
    return readRange(header, found.bytes)
  } catch (error) {
    reply.header('content-range', `bytes */${found.bytes}`)
    throw error
  }
}

function shown({ key, bytes: size, etag, modifiedAt }: Exclude<ListEntry, { prefix: string }>) {
  return { key, bytes: size, etag: `"${etag}"`, modifiedAt: modifiedAt.toISOString() }
}

function nameOf(entry: ListEntry): string {
  return 'key' in entry ? entry.key : entry.prefix
}
