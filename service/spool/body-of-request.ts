import type { IncomingHttpHeaders } from 'node:http'
import { Readable } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import { ServiceError } from '../errors.ts'
import type { Body } from './spool.ts'

/** The body of a request whose parser has passed the stream on. @throws ServiceError invalidRequest if there is none */
export function bodyOfRequest({ body, headers }: Pick<FastifyRequest, 'body' | 'headers'>, text?: Body['text']): Body {
  if (!(body instanceof Readable)) throw new ServiceError('invalidRequest', 'The body is empty: send the rows in it.')
  const length = headers['content-length']
  const encoding = headers['content-encoding']
  const digest = one(headers, 'content-digest')
  return {
    stream: body,
    ...(length !== undefined && { contentLength: Number(length) }),
    ...(encoding !== undefined && { contentEncoding: encoding }),
    ...(digest !== undefined && { contentDigest: digest }),
    ...(text && { text }),
  }
}

/** A header that may come once. */
export function one(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name]
  return typeof value === 'string' ? value : value?.join(', ')
}
