import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chownSync, closeSync, existsSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { postgresStartTimeoutMs, postgresStopTimeoutMs } from '../settings.ts'
import { StartupError } from '../startup-error.ts'
import { findPostgres } from './find-postgres.ts'
import { keptSecret } from './kept-files.ts'
import type { LakeFolder } from './lake-folder.ts'
import { stopOrphan } from './stop-orphan.ts'

export interface EmbeddedPostgres {
  /** The folder of its socket; it listens on no network address. */
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  /** Where its programs come from. */
  readonly programs: string
  /** Ends if the server ends by itself. */
  readonly ended: Promise<void>
  stop(): Promise<void>
}

const port = 5432
const user = 'postgres'

/** How the lake's PostgreSQL is reached while it runs, whoever started it. */
export function postgresOf({ path, run }: Pick<LakeFolder, 'path' | 'run'>): Pick<EmbeddedPostgres, 'host' | 'port' | 'user' | 'password'> {
  return { host: run, port, user, password: keptSecret(join(path, 'postgres-password')) }
}

/** Starts the lake's own PostgreSQL, and makes its data folder the first time. The caller holds the lake's lock.
 * @throws StartupError with the last lines of its log. */
export async function startPostgres(folder: LakeFolder, searchPath: string): Promise<EmbeddedPostgres> {
  const programs = findPostgres(folder, searchPath)
  const as = folder.postgresUser === undefined ? {} : { uid: folder.postgresUser, gid: folder.postgresUser }
  const data = join(folder.postgres, 'data')
  const connection = postgresOf(folder)
  // A relative library path or a foreign PG… variable must not reach it; its messages stay English, which DuckLake decides by.
  const environment = { LC_ALL: 'C', TZ: 'UTC' }
  if (existsSync(data)) await stopOrphan(data)
  else initialize(join(programs.bin, 'initdb'))

  const logFile = join(folder.path, 'postgres.log')
  const log = openSync(logFile, 'a', 0o600)
  const settings = {
    listen_addresses: '',
    unix_socket_directories: folder.run,
    unix_socket_permissions: '0700',
    lc_messages: 'C',
    log_timezone: 'UTC',
  }
  const server = spawn(
    join(programs.bin, 'postgres'),
    ['-D', data, '-p', `${port}`, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    // In a group of its own: Ctrl-C goes to the whole group, and would stop it before the statements that use it.
    { ...as, cwd: '/', env: environment, stdio: ['ignore', log, log], detached: true },
  )
  closeSync(log)
  const ended = new Promise<void>(resolve => server.once('exit', () => resolve()).once('error', () => resolve()))
  await ready(connection, server, logFile)
  return { ...connection, programs: programs.from, ended, stop: () => stop(server, ended) }

  /** Under another name first: after a kill half-way the next start begins anew. */
  function initialize(initdb: string): void {
    const passwordFile = join(folder.run, 'initial-password')
    rmSync(`${data}.new`, { recursive: true, force: true })
    writeFileSync(passwordFile, connection.password, { mode: 0o600 })
    if (folder.postgresUser !== undefined) chownSync(passwordFile, folder.postgresUser, folder.postgresUser)
    const options = [
      '--auth=scram-sha-256',
      `--pwfile=${passwordFile}`,
      `--username=${user}`,
      '--locale=C',
      '--encoding=UTF8',
      '--no-instructions',
    ]
    const result = spawnSync(initdb, ['-D', `${data}.new`, ...options], { ...as, cwd: '/', env: environment, encoding: 'utf8' })
    rmSync(passwordFile)
    if (result.status !== 0) throw new StartupError(`initdb could not make ${data}: ${(result.stderr || String(result.error)).trim()}`)
    renameSync(`${data}.new`, data)
  }
}

async function ready(
  connection: { host: string; port: number; user: string; password: string },
  server: ChildProcess,
  logFile: string,
): Promise<void> {
  const deadline = Date.now() + postgresStartTimeoutMs
  let refusal = 'it did not answer'
  while (server.exitCode === null && server.pid !== undefined && Date.now() < deadline) {
    const client = new Client({ ...connection, database: 'postgres' })
    try {
      await client.connect()
      await client.end()
      return
    } catch (error) {
      refusal = error instanceof Error ? error.message : String(error)
      await client.end().catch(() => {})
      await sleep(20)
    }
  }
  server.kill('SIGKILL')
  const lines = existsSync(logFile) ? readFileSync(logFile, 'utf8').trim().split('\n').slice(-5).join('\n') : ''
  throw new StartupError(`PostgreSQL did not start (${refusal}). The end of ${logFile}:\n${lines}`)
}

/** SIGINT is PostgreSQL's fast stop: it ends its clients and keeps everything that was committed. */
async function stop(server: ChildProcess, ended: Promise<void>): Promise<void> {
  if (server.exitCode !== null) return
  server.kill('SIGINT')
  const late = await Promise.race([ended.then(() => false), sleep(postgresStopTimeoutMs, true, { ref: false })])
  if (late) server.kill('SIGQUIT')
  await ended
}
