import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import fp from 'fastify-plugin'

/** What the page may do: load what this service sends, and talk to this service. Nothing inline, nothing of anybody else, no frame around it. */
const contentSecurityPolicy = [
  "default-src 'self'",
  "img-src 'self' data:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** The workbench at `/`, as `.ci/build.mjs` has put it beside this program. */
export default fp(
  async app => {
    const folder = join(import.meta.dirname, '..', 'workbench')
    if (!existsSync(join(folder, 'assets'))) {
      app.log.info('the page is not built, so there is none')
      return
    }
    await app.register(fastifyStatic, {
      root: folder,
      decorateReply: false,
      // A route for each file: what is not one of them stays a problem document.
      wildcard: false,
      globIgnore: ['**/*.{br,gz}'],
      preCompressed: true,
      cacheControl: false,
      setHeaders: (reply, path) => {
        // The names of all others change with what is in them.
        const kept = path.includes(`${join(folder, 'assets')}`)
        reply.header('cache-control', kept ? 'public, max-age=31536000, immutable' : 'no-cache')
        reply.header('content-security-policy', contentSecurityPolicy)
        reply.header('x-content-type-options', 'nosniff')
        reply.header('referrer-policy', 'no-referrer')
      },
    })
  },
  { name: 'workbench' },
)
