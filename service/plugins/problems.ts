import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { type ErrorCode, ServiceError } from '../errors.ts'
import { problemOf } from '../problem.ts'

/** What a route takes, in words for those who send something else. */
interface BodyWords {
  /** The setting that limits its size. */
  readonly limit: string
  readonly types: string
  readonly example: string
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** That of a statement where it is missing. */
    body?: BodyWords
  }
}

const statementBody: BodyWords = {
  limit: 'QUERY_MAX_BYTES',
  types: 'application/json, or the statement itself as application/sql',
  example: '{"sql": "…"}',
}

/** What Fastify itself refuses, in our codes. */
const fastifyErrors: Readonly<Record<string, (body: BodyWords) => readonly [ErrorCode, string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ({ limit }) => ['bodyTooLarge', `The body is larger than ${limit}.`],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ({ types }) => ['unsupportedMediaType', `Send ${types}.`],
  FST_ERR_CTP_EMPTY_JSON_BODY: ({ example }) => ['invalidRequest', `The body is empty: send ${example}.`],
}

/** How long a caller that was turned away should wait. */
const retryAfterSeconds = '1'

/** Every error as application/problem+json. @see https://www.rfc-editor.org/rfc/rfc9457 */
export default fp(
  async app => {
    const routes: { readonly method: string; readonly path: RegExp }[] = []
    app.addHook('onRoute', ({ method, url }) => {
      const path = new RegExp(`^${url.replace(/:[^/]+/g, '[^/]+').replace('*', '.*')}$`)
      for (const each of [method].flat()) routes.push({ method: each, path })
    })
    app.setErrorHandler<FastifyError | ServiceError>((error, request, reply) => {
      // Such a request may fail before its handler is asked, for want of a body type for example.
      if (request.is404) return sendUnrouted(request, reply)
      const known = toServiceError(error, request.routeOptions.config?.body)
      if (!known) request.log.error({ err: error }, 'unexpected error')
      return sendProblem(known ?? error, request, reply)
    })
    app.setNotFoundHandler(sendUnrouted)

    function sendUnrouted(request: FastifyRequest, reply: FastifyReply): FastifyReply {
      const path = request.url.split('?')[0] ?? ''
      const methods = methodsOf(path)
      if (methods.length === 0) return sendProblem(new ServiceError('notFound', `There is no ${request.method} ${path}.`), request, reply)
      reply.header('allow', methods.join(', '))
      const detail = `${path} has no ${request.method}: use ${methods.join(' or ')}.`
      return sendProblem(new ServiceError('methodNotAllowed', detail), request, reply)
    }

    function methodsOf(path: string): string[] {
      return [...new Set(routes.filter(route => route.path.test(path)).map(route => route.method))]
    }
  },
  { name: 'problems' },
)

/** @returns undefined for what no caller can have caused. */
function toServiceError(error: FastifyError | ServiceError, body = statementBody): ServiceError | undefined {
  if (error instanceof ServiceError) return error
  const known = fastifyErrors[error.code]
  if (known) return new ServiceError(...known(body))
  if (error.validation || (error.statusCode !== undefined && error.statusCode < 500))
    return new ServiceError('invalidRequest', `${error.message}.`)
  return undefined
}

function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = problemOf(error, request.id)
  request.seen.outcome = problem.code
  if (problem.status === 401 && !reply.hasHeader('www-authenticate')) reply.header('www-authenticate', 'Bearer')
  if ((problem.status === 429 || problem.status === 503) && !reply.hasHeader('retry-after')) reply.header('retry-after', retryAfterSeconds)
  // The rest of its body is not read: the next request on the connection would be taken for a part of it.
  if (!request.raw.complete) reply.header('connection', 'close')
  return reply.code(problem.status).type('application/problem+json').send(problem)
}
