import fp from 'fastify-plugin'
import { hashKey, isKey } from '../access/admin-key.ts'
import type { Caller } from '../access/caller.ts'
import { ServiceError } from '../errors.ts'

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller
  }
}

/** Lets nobody below /v1 without the key. */
export default fp<{ readonly key: string }>(
  async (app, { key }) => {
    const hash = hashKey(key)
    app.decorateRequest('caller')
    app.addHook('onRequest', async request => {
      if (!request.url.startsWith('/v1/')) return
      const presented = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
      if (!presented)
        throw new ServiceError('unauthenticated', 'Send the header "Authorization: Bearer dl_…" with the key that the start message shows.')
      if (!isKey(presented, hash))
        throw new ServiceError('unauthenticated', 'The key is not one of this lake’s: the start message shows the right one.')
      request.caller = { id: 'admin', limits: {} }
    })
  },
  { name: 'authentication' },
)
