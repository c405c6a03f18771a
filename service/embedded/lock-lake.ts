import { rmSync } from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { StartupError } from '../startup-error.ts'
import type { LakeFolder } from './lake-folder.ts'

/** How long a holder may take to say who it is. */
const answerTimeoutMs = 2_000

export interface Lock {
  release(): Promise<void>
}

/** Keeps a second server off the lake. A listening socket and not a file with a process number: the kernel closes it when we die,
 * however we die, and a number can belong to somebody else by then.
 * @throws StartupError that names the process which holds the lake. */
export async function lockLake(folder: LakeFolder): Promise<Lock> {
  const path = join(folder.run, 'lock')
  const first = await listen(path)
  if (first) return lock(first)
  const holder = await holderOf(path)
  if (holder)
    throw new StartupError(
      `The lake ${folder.path} is already served by process ${holder}: stop that one, or choose another folder with LAKE_DIR.`,
    )
  // The socket of a killed server: nobody answers.
  rmSync(path, { force: true })
  const second = await listen(path)
  if (!second) throw new StartupError(`Another server takes the lake ${folder.path} right now: try again when it is stopped.`)
  return lock(second)
}

function lock(server: Server): Lock {
  server.unref()
  return { release: () => new Promise(resolve => server.close(() => resolve())) }
}

function listen(path: string): Promise<Server | undefined> {
  const server = createServer(client => client.on('error', () => {}).end(String(process.pid)))
  return new Promise((resolve, reject) => {
    server.once('error', error => ('code' in error && error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error)))
    server.listen(path, () => resolve(server))
  })
}

function holderOf(path: string): Promise<string | undefined> {
  return new Promise(resolve => {
    let answer = ''
    const client = connect(path)
      .setTimeout(answerTimeoutMs, () => client.destroy())
      .on('data', data => {
        answer += data
      })
      .on('error', () => {})
      // One that accepted but said nothing is alive all the same.
      .on('close', failed => resolve(failed && !answer ? undefined : answer || 'that does not answer'))
  })
}
