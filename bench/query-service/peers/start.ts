import { createServer } from 'node:net'
import { chdbModule, roapiProgram } from './installed.ts'
import { type Peer, startPeer } from './peer-process.ts'

const typescript = ['--import', 'tsx/esm'] as const

/** A Fastify handler that does nothing. */
export async function startHello(): Promise<Peer> {
  const port = await freePort()
  return startPeer(process.execPath, [...typescript, 'bench/query-service/peers/hello-server.ts', `${port}`], `http://127.0.0.1:${port}/`)
}

/** DataFusion over HTTP. @param parquet the file of its table `bench`. @returns undefined if it cannot be had */
export async function startRoapi(parquet: string): Promise<Peer | undefined> {
  const program = roapiProgram()
  if (!program) return undefined
  const [http, postgres, flight] = [await freePort(), await freePort(), await freePort()]
  const words = [
    '-a',
    `127.0.0.1:${http}`,
    '-p',
    `127.0.0.1:${postgres}`,
    '--addr-flight-sql',
    `127.0.0.1:${flight}`,
    '-t',
    `bench=${parquet}`,
  ]
  return startPeer(program, words, `http://127.0.0.1:${http}/api/sql`)
}

/** ClickHouse in process behind a Fastify handler. @returns undefined if it cannot be had */
export async function startChdb(parquet: string): Promise<Peer | undefined> {
  const module = chdbModule()
  if (!module) return undefined
  const port = await freePort()
  const words = [...typescript, 'bench/query-service/peers/chdb-server.ts', module, `${port}`, parquet]
  return startPeer(process.execPath, words, `http://127.0.0.1:${port}/`)
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
