import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { ServiceError } from './errors.ts'
import { problemOf } from './problem.ts'

/** Characters of one part of an address: a table's name, with each of its bytes as %XX. */
export const maxParamLength = 4_096

/** A problem also for an address that the router cannot read; neither hooks nor error handlers see it. */
export function answerUnrouted(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const detail =
    error.code === 'FST_ERR_MAX_PARAM_LENGTH'
      ? `A part of the address has more than ${maxParamLength} characters.`
      : 'The address is not encoded rightly: % needs two hexadecimal digits.'
  const problem = problemOf(new ServiceError('invalidRequest', detail), request.id)
  reply.code(problem.status).type('application/problem+json').header('x-request-id', request.id).send(JSON.stringify(problem))
}
