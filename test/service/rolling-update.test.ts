import { Agent, request } from 'node:http'
import { connect as connectTo, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { temporaryFolder } from './run-service.ts'
import { addExampleTable, type ExternalServers, startExternalServers } from './servers/external-lake.ts'
import { freePort } from './servers/free-port.ts'
import { noMinio } from './servers/minio-programs.ts'
import { type Service, startOn, stopService } from './start-service.ts'

const skipped = process.env.CI === 'true' ? undefined : noMinio()

const requestsPerSecond = 50
const seconds = 20
const shutdownDelayMs = 1_500
const graceMs = 30_000

/** As a Service of Kubernetes: whole connections go to backends in turn, new ones only to those that are ready. It repeats nothing. */
class Balancer {
  private readonly ready = new Set<string>()
  private readonly backends = new Set<string>()
  private readonly server: Server
  private readonly probing: NodeJS.Timeout
  private turn = 0
  private readonly sockets = new Set<Socket>()

  constructor(port: number) {
    this.server = createServer({ noDelay: true }, client => {
      const urls = [...this.ready]
      const url = urls[this.turn++ % urls.length]
      if (url === undefined) {
        client.destroy()
        return
      }
      const backend = connectTo({ host: '127.0.0.1', port: Number(new URL(url).port), noDelay: true })
      for (const socket of [client, backend]) this.sockets.add(socket.on('error', () => {}))
      client.pipe(backend).pipe(client)
      client.on('close', () => backend.destroy())
      backend.on('close', () => client.destroy())
    }).listen(port, '127.0.0.1')
    this.probing = setInterval(() => this.probe(), 100)
  }

  async add(url: string): Promise<void> {
    this.backends.add(url)
    while (!this.ready.has(url)) await sleep(50)
  }

  close(): void {
    clearInterval(this.probing)
    this.server.close()
    for (const socket of this.sockets) socket.destroy()
  }

  private probe(): void {
    for (const url of this.backends) {
      fetch(`${url}/readyz`, { headers: { connection: 'close' } }).then(
        ({ status }) => (status === 200 ? this.ready.add(url) : this.ready.delete(url)),
        () => this.ready.delete(url),
      )
    }
  }
}

describe.skipIf(skipped)(skipped ? `skipped: ${skipped}` : 'a rolling update of two processes', () => {
  let servers: ExternalServers
  const running: Service[] = []
  beforeAll(async () => {
    servers = await startExternalServers()
    await addExampleTable(servers.environment)
  })
  afterAll(async () => {
    for (const service of running) await stopService(service)
    await servers.remove()
  })

  async function start(): Promise<Service> {
    const lakeDir = temporaryFolder()
    const service = await startOn({ ...servers.environment, LAKE_DIR: lakeDir, SHUTDOWN_DELAY_MS: `${shutdownDelayMs}` }, lakeDir)
    running.push(service)
    return service
  }

  /** Sends SIGTERM. @returns its exit code and how long that took */
  async function stop(service: Service): Promise<{ code: number | null; ms: number }> {
    const started = performance.now()
    service.child.kill('SIGTERM')
    return { code: await service.exit, ms: performance.now() - started }
  }

  it(`fails no request of keep-alive clients at ${requestsPerSecond} a second`, async () => {
    const [first, second] = await Promise.all([start(), start()])
    const port = await freePort()
    const balancer = new Balancer(port)
    await Promise.all([balancer.add(first.url), balancer.add(second.url)])
    const agent = new Agent({ keepAlive: true, maxSockets: 16 })
    const outcomes: string[] = []
    const ask = () =>
      new Promise<void>(resolve => {
        const done = (outcome: string) => {
          outcomes.push(outcome)
          resolve()
        }
        const headers = { authorization: `Bearer ${first.key}`, 'content-type': 'application/sql' }
        request({ agent, host: '127.0.0.1', port, method: 'POST', path: '/v1/query', headers }, response => {
          let text = ''
          response.on('data', data => {
            text += data
          })
          response.on('error', error => done(error.message))
          response.on('end', () =>
            done(response.statusCode === 200 && text.includes('"rows":[["500"]]') ? 'ok' : `${response.statusCode} ${text}`),
          )
        })
          .on('error', error => done(`${error.message}`))
          .end('SELECT count(*) FROM rides')
      })
    const asked: Promise<void>[] = []
    const asking = setInterval(() => asked.push(ask()), 1_000 / requestsPerSecond)
    const began = performance.now()

    await sleep(2_000)
    const stops = [await stop(first)]
    await balancer.add((await start()).url)
    stops.push(await stop(second))
    await balancer.add((await start()).url)
    await sleep(Math.max(seconds * 1_000 - (performance.now() - began), 1_000))

    clearInterval(asking)
    await Promise.all(asked)
    agent.destroy()
    balancer.close()
    expect(outcomes.filter(outcome => outcome !== 'ok')).toEqual([])
    expect(outcomes.length).toBeGreaterThan((requestsPerSecond * seconds) / 2)
    expect(stops.map(({ code }) => code)).toEqual([0, 0])
    for (const { ms } of stops) expect(ms).toBeLessThan(graceMs)
  })
})
