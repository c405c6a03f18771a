import fp from 'fastify-plugin'
import { ownSpillFolder, removeSpillFolder } from '../engine-pool/spill-folder.ts'
import { Spool } from '../spool/spool.ts'

declare module 'fastify' {
  interface FastifyInstance {
    readonly spool: Spool
  }
}

/** How often it is looked for files that nobody released. */
const sweepEveryMs = 3_600_000

/** Where bodies lie on their way into the lake, as long as the service runs. What a killed process has left is removed. */
export default fp<{ readonly spoolDir: string; readonly maxMb: number }>(
  async (app, { spoolDir, maxMb }) => {
    const own = ownSpillFolder(spoolDir)
    const spool = new Spool(own, maxMb * 1_048_576)
    app.decorate('spool', spool)
    const timer = setInterval(() => spool.sweep().catch((error: unknown) => app.log.warn({ err: error }, 'spool')), sweepEveryMs)
    timer.unref()
    app.addHook('onClose', async () => {
      clearInterval(timer)
      removeSpillFolder(own)
    })
  },
  { name: 'spool' },
)
