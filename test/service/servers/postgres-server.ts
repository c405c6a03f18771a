import { spawnSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { withPostgres } from '../../../service/catalog/connect-postgres.ts'
import type { CatalogLogin } from '../../../service/catalog/lake-connection.ts'
import { findPostgres } from '../../../service/embedded/find-postgres.ts'
import { unprivilegedUser } from '../../../service/embedded/lake-folder.ts'
import { freePort } from './free-port.ts'
import { ServerProcess } from './server-process.ts'

export interface PostgresServer {
  readonly administrator: CatalogLogin
  readonly data: string
  /** What it logged so far. */
  log(): string
  start(): Promise<void>
  stop(): Promise<void>
  /** With −9. */
  kill(): Promise<void>
  remove(): Promise<void>
}

/** A real PostgreSQL on a TCP port of this machine, with passwords, from the programs that the embedded lake uses.
 * @param settings further ones, each `name=value` @param programs the folder of another version's */
export async function startPostgresServer(settings: readonly string[] = [], programs?: string): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'postgres-'))
  const data = join(folder, 'data')
  const user = process.getuid?.() === 0 ? unprivilegedUser : undefined
  const as = user === undefined ? {} : { uid: user, gid: user }
  const own = (path: string) => user !== undefined && chownSync(path, user, user)
  chmodSync(folder, 0o755)
  mkdirSync(data, { mode: 0o700 })
  own(folder)
  own(data)
  const bin = programs ?? findPostgres({ postgres: folder, postgresUser: user }, process.env.PATH ?? '').bin
  const administrator: CatalogLogin = {
    host: '127.0.0.1',
    port: await freePort(),
    database: 'postgres',
    user: 'postgres',
    password: 'the administrator’s password',
    sslMode: 'disable',
  }
  const passwordFile = join(folder, 'password')
  writeFileSync(passwordFile, administrator.password)
  own(passwordFile)
  const env = { LC_ALL: 'C', TZ: 'UTC' }
  const made = spawnSync(
    join(bin, 'initdb'),
    ['-D', data, '--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--username=postgres', '--locale=C', '--encoding=UTF8', '--no-sync'],
    { ...as, cwd: '/', env, encoding: 'utf8' },
  )
  if (made.status !== 0) throw new Error(made.stderr)
  const all = ['listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`, ...settings]
  const words = ['-D', data, '-p', `${administrator.port}`, ...all.flatMap(setting => ['-c', setting])]
  const server = new ServerProcess({
    program: join(bin, 'postgres'),
    words,
    options: { ...as, cwd: '/', env },
    stopSignal: 'SIGINT',
    answers: () => withPostgres(administrator, client => client.query('SELECT 1')),
  })
  await server.start()
  return {
    administrator,
    data,
    log: () => server.output,
    start: () => server.start(),
    stop: () => server.stop(),
    kill: () => server.kill(),
    remove: async () => {
      await server.kill()
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
    },
  }
}
