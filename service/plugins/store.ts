import fp from 'fastify-plugin'
import type { CatalogLogin } from '../catalog/lake-connection.ts'
import { Store } from '../store/store.ts'

declare module 'fastify' {
  interface FastifyInstance {
    readonly store: Store
  }
}

/** The gateway's own tables: keys and history. */
export default fp<{ readonly login: CatalogLogin }>(
  async (app, { login }) => {
    const store = new Store(login)
    app.decorate('store', store)
    app.addHook('onClose', () => store.close())
  },
  { name: 'store' },
)
