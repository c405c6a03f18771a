import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { idOfKey, isKey } from '../access/api-key.ts'
import type { Caller } from '../access/caller.ts'
import { KeyRing } from '../access/key-ring.ts'
import { holds, type Scope } from '../access/scopes.ts'
import type { TokenIssuer } from '../access/token-verifier.ts'
import { ServiceError } from '../errors.ts'

declare module 'fastify' {
  interface FastifyInstance {
    readonly keyRing: KeyRing
  }
  interface FastifyRequest {
    caller: Caller
  }
  interface FastifyContextConfig {
    /** What a caller must hold; `any`: a valid key is enough. */
    scope?: Scope | 'any'
  }
}

/** How often it is written down when keys were last used. */
const noteUseEveryMs = 60_000

/** Lets nobody to a route of /v1 who has no key or token, or one without the scope that the route names. Failed attempts are not counted by
 * address: behind a proxy all callers share one, and 192 random bits need no such help. */
export default fp<{ readonly tokens: TokenIssuer | undefined }>(
  async (app, { tokens }) => {
    const keyRing = new KeyRing(app.store)
    // Where no issuer is named there is no use for what checks its tokens.
    const verifier = tokens && new (await import('../access/token-verifier.ts')).TokenVerifier(tokens)
    const flush = () => keyRing.flush().catch((error: unknown) => app.log.warn({ err: error }, 'the use of keys was not written down'))
    const timer = setInterval(flush, noteUseEveryMs).unref()
    app.decorate('keyRing', keyRing)
    app.decorateRequest('caller')
    app.addHook('onClose', async () => {
      clearInterval(timer)
      await flush()
    })
    app.addHook('onRoute', ({ url, config }) => {
      if (url.startsWith('/v1/') && !config?.scope) throw new Error(`the route ${url} names no scope`)
    })
    // By the route and not by the address: /%761/query is /v1/query too.
    app.addHook('onRequest', async request => {
      const { scope } = request.routeOptions.config
      if (!scope) return
      request.caller = await callerOf(request)
      if (scope === 'any' || holds(request.caller.scopes, scope)) return
      const { id, scopes } = request.caller
      throw new ServiceError('forbidden', `This needs the scope ${scope}; ${id} has ${scopes.join(', ') || 'none'}.`)
    })

    async function callerOf({ headers }: FastifyRequest): Promise<Caller> {
      const presented = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1]
      if (!presented) throw new ServiceError('unauthenticated', 'Send the header "Authorization: Bearer dl_…" with a key of this lake.')
      const id = idOfKey(presented)
      if (id) return callerOfKey(id, presented)
      if (verifier && presented.split('.').length === 3) return verifier.callerOf(presented)
      throw new ServiceError('unauthenticated', `What was sent is no key, dl_<id>_<secret>${verifier ? ', and no token' : ''}.`)
    }

    async function callerOfKey(id: string, presented: string): Promise<Caller> {
      const key = await keyRing.find(id)
      if (!key || !isKey(presented, key.hash)) throw new ServiceError('unauthenticated', 'The key is not one of this lake’s.')
      if (key.revokedAt) throw new ServiceError('unauthenticated', `The key ${id} was revoked at ${key.revokedAt.toISOString()}.`)
      if (key.expiresAt && key.expiresAt.getTime() <= Date.now())
        throw new ServiceError('unauthenticated', `The key ${id} expired at ${key.expiresAt.toISOString()}.`)
      if (key.userDisabledAt)
        throw new ServiceError('unauthenticated', `The user of the key ${id} was disabled at ${key.userDisabledAt.toISOString()}.`)
      keyRing.noteUse(id)
      return { id, scopes: key.scopes, ...(key.grants && { grants: key.grants }), limits: key.limits }
    }
  },
  { name: 'authentication', dependencies: ['store'] },
)
