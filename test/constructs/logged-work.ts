import { setTimeout as sleep } from 'node:timers/promises'
import { Client, type ClientConfig } from 'pg'
import { postgresSettings } from '../../constructs/postgres-settings.ts'
import { postgresOptions, withPostgres } from '../../service/catalog/connect-postgres.ts'
import { type PostgresServer, startPostgresServer } from '../service/servers/postgres-server.ts'

/** A server with the settings of the deployment, and a few that make things happen soon.
 * @param programs the folder of another version than the lake's own */
export function startLoggingServer(programs?: string): Promise<PostgresServer> {
  const soon = {
    deadlock_timeout: '200ms',
    autovacuum_freeze_max_age: '100000',
    max_connections: '10',
    // Any statement may be slow on a busy machine: sessions whose statements are counted set it to 0.
    log_min_duration_statement: '-1',
  }
  const settings = Object.entries({ ...postgresSettings, ...soon }).map(([name, value]) => `${name}=${value}`)
  return startPostgresServer(settings, programs)
}

/** Work on a server in a database of its own, with account of what its log must say of it. */
export class LoggedWork {
  readonly counts: Record<string, number> = {}

  private constructor(
    readonly server: PostgresServer,
    private readonly begun: number,
  ) {}

  static async begin(server: PostgresServer): Promise<LoggedWork> {
    await withPostgres(server.administrator, async client => {
      await client.query('CREATE DATABASE events')
      await client.query("ALTER SYSTEM SET autovacuum_naptime = '1s'")
      await setAutovacuum(client, 'off')
    })
    await closed(server)
    return new LoggedWork(server, server.log().length)
  }

  /** What was logged since it began, when all its sessions have ended. */
  async end(): Promise<string> {
    await closed(this.server)
    return this.server.log().slice(this.begun).trimEnd()
  }

  count(event: string, times = 1): void {
    this.counts[event] = (this.counts[event] ?? 0) + times
  }

  async connect(options: ClientConfig = {}): Promise<Client> {
    const client = new Client({ ...postgresOptions({ ...this.server.administrator, database: 'events' }), ...options })
    client.on('error', () => {})
    await client.connect()
    // It was received, authenticated and authorized, and it will end.
    this.count('connection', 4)
    return client
  }

  /** Waits until the server has logged it. */
  async logged(text: string): Promise<void> {
    while (!this.server.log().includes(text, this.begun)) await sleep(10)
  }

  /** Counts the refusal of what must not succeed. */
  async refused(event: string, sqlstate: string, work: Promise<unknown>): Promise<void> {
    const code = await work.then(
      () => 'success',
      (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
    )
    if (code !== sqlstate) throw new Error(`expected ${sqlstate}, not ${code}`)
    this.count(event)
  }
}

/** Comes back when it is so. Not by an option of the server's start, which could not be changed later. */
export async function setAutovacuum(client: Client, value: 'on' | 'off'): Promise<void> {
  await client.query(`ALTER SYSTEM SET autovacuum = ${value}`)
  await client.query('SELECT pg_reload_conf()')
  const running = async () => (await client.query("SELECT FROM pg_stat_activity WHERE backend_type LIKE 'autovacuum%'")).rowCount
  while (value === 'off' && (await running()) !== 0) await sleep(20)
}

/** The server notes the end of a session a moment after its client is gone. */
async function closed(server: PostgresServer): Promise<void> {
  const times = (pattern: RegExp) => server.log().match(pattern)?.length
  while (
    times(/connection authorized: .* database=(events|postgres|template1) /g) !==
    times(/disconnection: .* database=(events|postgres|template1) /g)
  )
    await sleep(10)
}
