import fp from 'fastify-plugin'
import { ownSpillFolder, removeSpillFolder } from '../engine-pool/spill-folder.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** What this process's engines spill, and their pipes. */
    readonly spillDir: string
  }
}

/** A folder that lasts as long as the service. */
export default fp<{ readonly spillDir: string }>(
  async (app, { spillDir }) => {
    const own = ownSpillFolder(spillDir)
    app.decorate('spillDir', own)
    app.addHook('onClose', async () => removeSpillFolder(own))
  },
  { name: 'spill' },
)
