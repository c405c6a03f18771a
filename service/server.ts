import type { FastifyInstance } from 'fastify'
import { readConfig } from './config.ts'
import { assertPortFree, listenError } from './embedded/assert-port-free.ts'
import { startEmbeddedLake } from './embedded/start-embedded-lake.ts'
import { startEngineChild } from './engine-pool/engine-child.ts'
import { openExternalLake } from './external/open-external-lake.ts'
import { startMessage } from './start-message.ts'
import { exitCodeOf, StartupError } from './startup-error.ts'

// The process: starts the lake and the service, and stops them in the other order.

const stopping = new AbortController()
// The terminal and npm both pass a Ctrl-C on, so the same signal may come twice.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort())

try {
  await serve()
  process.exit(0)
} catch (error) {
  if (stopping.signal.aborted && error === stopping.signal.reason) process.exit(0)
  console.error(error instanceof StartupError ? error.message : error)
  process.exit(exitCodeOf(error))
}

async function serve(): Promise<void> {
  const config = readConfig()
  if (config.port !== 0) await assertPortFree(config.host, config.port)
  const progress = { say: (line: string) => console.log(line), signal: stopping.signal }
  const { externalLake } = config
  // They take as long as the lake itself, and need nothing of it.
  const early = startEngineChild(config.engine, config.extensionDir)
  const loading = Promise.all([import('./app.ts'), import('./metrics-app.ts')])
  const lake = externalLake ? await openExternalLake(config, externalLake, progress) : await startEmbeddedLake(config, progress)
  const [{ buildApp }, { buildMetricsApp }] = await loading
  const app = buildApp(config, lake, early)
  let metrics: FastifyInstance | undefined
  try {
    stopping.signal.throwIfAborted()
    await app.ready()
    if (config.metricsPort !== 0) {
      metrics = buildMetricsApp(app.metrics.registry)
      await listen(metrics, config.host, config.metricsPort)
    }
    const url = await listen(app, config.host, config.port)
    console.log(startMessage(url, lake))
    const stopped = new Promise<void>(resolve => stopping.signal.addEventListener('abort', () => resolve(), { once: true }))
    if (stopping.signal.aborted) return
    const lost = lake.lost.then(sentence => {
      if (!stopping.signal.aborted) throw new StartupError(sentence)
    })
    await Promise.race([stopped, lost])
    await app.drain.begin(config.shutdownDelayMs)
  } finally {
    await app.close()
    await metrics?.close()
    await lake.stop()
  }
}

async function listen(app: FastifyInstance, host: string, port: number): Promise<string> {
  return app.listen({ host, port }).catch((error: unknown) => {
    throw listenError(error, host, port)
  })
}
