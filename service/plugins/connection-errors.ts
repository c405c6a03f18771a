import { randomUUID } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import fp from 'fastify-plugin'
import { type ErrorCode, ServiceError } from '../errors.ts'
import { problemOf } from '../problem.ts'

/** What Node refuses before there is a request. */
const refusals: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  HPE_HEADER_OVERFLOW: ['headersTooLarge', 'The headers have more than 16 KiB.'],
  ERR_HTTP_REQUEST_TIMEOUT: ['requestTimeout', 'The request did not arrive in time.'],
}

/** A problem also for a connection that never gets as far as a route. */
export default fp(
  async app => {
    app.server.removeAllListeners('clientError')
    app.server.on('clientError', (error: Error & { readonly code?: string }, socket: Socket) => {
      if (error.code === 'ECONNRESET' || !socket.writable) {
        socket.destroy()
        return
      }
      const [code, detail] = refusals[error.code ?? ''] ?? (['invalidRequest', 'The bytes are no HTTP request.'] as const)
      const requestId = randomUUID()
      const problem = problemOf(new ServiceError(code, detail), requestId)
      const body = JSON.stringify(problem)
      socket.end(
        [
          `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
          'content-type: application/problem+json; charset=utf-8',
          `content-length: ${Buffer.byteLength(body)}`,
          `x-request-id: ${requestId}`,
          'connection: close',
          '',
          body,
        ].join('\r\n'),
      )
    })
  },
  { name: 'connection-errors' },
)
