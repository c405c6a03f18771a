import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { type ErrorCode, errors, ServiceError } from '../errors.ts'

/** What Fastify itself refuses, in our codes. */
const fastifyErrors: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ['bodyTooLarge', 'The body is larger than QUERY_MAX_BYTES.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['unsupportedMediaType', 'Send application/json, or the statement itself as application/sql.'],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['invalidRequest', 'The body is empty: send {"sql": "…"}.'],
}

/** How long a caller that was turned away should wait. */
const retryAfterSeconds = '1'

/** Every error as application/problem+json. @see https://www.rfc-editor.org/rfc/rfc9457 */
export default fp(
  async app => {
    app.setErrorHandler<FastifyError | ServiceError>((error, request, reply) => sendProblem(toServiceError(error), request, reply))
    app.setNotFoundHandler((request, reply) =>
      sendProblem(new ServiceError('notFound', `There is no ${request.method} ${request.url.split('?')[0]}.`), request, reply),
    )

    function toServiceError(error: FastifyError | ServiceError): ServiceError {
      if (error instanceof ServiceError) return error
      const known = fastifyErrors[error.code]
      if (known) return new ServiceError(...known)
      if (error.validation || (error.statusCode !== undefined && error.statusCode < 500))
        return new ServiceError('invalidRequest', `${error.message}.`)
      app.log.error({ err: error }, 'unexpected error')
      return new ServiceError('internal', 'The log has the details under the request’s id.')
    }
  },
  { name: 'problems' },
)

function sendProblem({ code, detail, place }: ServiceError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { status, title } = errors[code]
  if (status === 401) reply.header('www-authenticate', 'Bearer')
  if (status === 429 || status === 503) reply.header('retry-after', retryAfterSeconds)
  const { position, candidates } = place
  return reply
    .code(status)
    .type('application/problem+json')
    .send({
      type: 'about:blank',
      title,
      status,
      code,
      detail,
      requestId: request.id,
      ...(position !== undefined && { position }),
      ...(candidates && { candidates }),
    })
}
