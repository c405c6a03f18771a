import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from './free-port.ts'
import { buildProgram, findProgram } from './go-program.ts'
import { ServerProcess } from './server-process.ts'

const name = 'toxiproxy-server'

export function buildToxiproxy(): void {
  buildProgram(name, 'github.com/Shopify/toxiproxy/v2/cmd/server@v2.12.0')
}

/** Why connections cannot be disturbed here; nothing if they can. */
export function noToxiproxy(): string | undefined {
  return findProgram(name) ? undefined : `no Toxiproxy: neither ${name} nor go, to build it, is on the PATH`
}

/** What is done to the bytes on their way. @see https://github.com/Shopify/toxiproxy#toxics */
export type Toxic =
  | { readonly type: 'latency'; readonly attributes: { readonly latency: number; readonly jitter?: number } }
  | { readonly type: 'bandwidth'; readonly attributes: { readonly rate: number } }
  | { readonly type: 'timeout' | 'reset_peer'; readonly attributes: { readonly timeout: number } }
  | {
      readonly type: 'slicer'
      readonly attributes: { readonly average_size: number; readonly size_variation: number; readonly delay: number }
    }
  | { readonly type: 'limit_data'; readonly attributes: { readonly bytes: number } }

/** A port that leads to a server, and can be disturbed. */
export interface DisturbedPort {
  readonly port: number
  /** @param stream upstream: towards the server. @returns a name to remove it by */
  add(toxic: Toxic, stream?: 'upstream' | 'downstream'): Promise<string>
  remove(toxic: string): Promise<void>
  /** Closes every connection and refuses new ones. */
  cut(): Promise<void>
  restore(): Promise<void>
}

export interface Toxiproxy {
  /** @param upstream `host:port` */
  open(upstream: string): Promise<DisturbedPort>
  close(): Promise<void>
}

/** A real Toxiproxy on ports of this machine. @throws Error if there is none here */
export async function startToxiproxy(): Promise<Toxiproxy> {
  const program = findProgram(name)
  if (!program) throw new Error(noToxiproxy())
  const url = `http://127.0.0.1:${await freePort()}`
  const server = new ServerProcess({
    program,
    words: ['-host', '127.0.0.1', '-port', new URL(url).port],
    options: { env: { LOG_LEVEL: 'fatal' } },
    stopSignal: 'SIGTERM',
    answers: () => fetch(`${url}/version`),
  })
  await server.start()
  const ask = async (method: string, path: string, body?: object): Promise<{ readonly name?: string }> => {
    const response = await fetch(url + path, { method, ...(body && { body: JSON.stringify(body) }) })
    const text = await response.text()
    if (!response.ok) throw new Error(`Toxiproxy answers ${method} ${path} with ${response.status} ${text}`)
    return text ? JSON.parse(text) : {}
  }
  return {
    async open(upstream) {
      const port = await freePort()
      const path = `/proxies/port-${port}`
      await ask('POST', '/proxies', { name: `port-${port}`, listen: `127.0.0.1:${port}`, upstream, enabled: true })
      return {
        port,
        add: async (toxic, stream = 'downstream') => (await ask('POST', `${path}/toxics`, { ...toxic, stream, toxicity: 1 })).name ?? '',
        remove: async toxic => {
          await ask('DELETE', `${path}/toxics/${toxic}`)
        },
        cut: async () => {
          await ask('POST', path, { enabled: false })
        },
        restore: async () => {
          await ask('POST', path, { enabled: true })
          // It answers before it listens.
          await sleep(20)
        },
      }
    },
    close: () => server.kill(),
  }
}
