import fp from 'fastify-plugin'
import { ServiceError } from '../errors.ts'
import { requestTimeoutMs } from '../settings.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Its body may take as long as bytes of it come: whoever reads it watches for that. */
    upload?: true
  }
}

/** Whoever sends a byte a minute must not hold a connection for ever. Node's own limit knows no uploads, which may take hours. */
export default fp(
  async app => {
    app.addHook('onRequest', async ({ raw, routeOptions }, reply) => {
      const hasBody = raw.headers['content-length'] !== undefined || raw.headers['transfer-encoding'] !== undefined
      if (!hasBody || routeOptions.config.upload) return
      const late = setTimeout(() => {
        if (!raw.complete && !reply.sent)
          reply.send(new ServiceError('requestTimeout', `The body did not arrive whole within ${requestTimeoutMs / 1_000} s.`))
      }, requestTimeoutMs)
      raw.once('close', () => clearTimeout(late))
      raw.once('end', () => clearTimeout(late))
    })
  },
  { name: 'request-timeout' },
)
