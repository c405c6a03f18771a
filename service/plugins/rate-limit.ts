import rateLimit from '@fastify/rate-limit'
import fp from 'fastify-plugin'
import { ServiceError } from '../errors.ts'

const windowSeconds = 60

/** Bounds the requests of each caller, and tells it in every answer how many are left. Each process counts for itself.
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-ratelimit-headers-10 */
export default fp<{ readonly requestsPerMinute: number }>(
  async (app, { requestsPerMinute }) => {
    await app.register(rateLimit, { global: false })
    const quotaOf = ({ limits }: { limits: { requestsPerMinute?: number } }) => limits.requestsPerMinute ?? requestsPerMinute
    const count = app.createRateLimit({
      max: request => quotaOf(request.caller),
      timeWindow: windowSeconds * 1_000,
      keyGenerator: request => request.caller.id,
    })
    app.addHook('onRequest', async (request, reply) => {
      if (!request.routeOptions.config.scope) return
      const counted = await count(request)
      if (counted.isAllowed) return
      const { max, remaining, ttlInSeconds, isExceeded } = counted
      reply.header('ratelimit-policy', `"key";q=${max};w=${windowSeconds}`).header('ratelimit', `"key";r=${remaining};t=${ttlInSeconds}`)
      if (!isExceeded) return
      reply.header('retry-after', ttlInSeconds)
      throw new ServiceError('tooManyRequests', `More than ${max} requests of this key in a minute: go on in ${ttlInSeconds} s.`)
    })
  },
  { name: 'rate-limit', dependencies: ['authentication'] },
)
