import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import { pgmqSql } from '../../service/extensions/pgmq-sql.ts'
import { extensionDir } from '../service/run-service.ts'
import type { PostgresServer } from '../service/servers/postgres-server.ts'
import { LoggedWork, setAutovacuum } from './logged-work.ts'

/** What a server was made to do. */
export interface Provoked {
  /** How often each event has happened. Vacuums against wraparound are among those of autovacuum. */
  readonly events: Readonly<Record<string, number>>
  /** How often each operation was called on each queue: `send events`. */
  readonly calls: Readonly<Record<string, number>>
  /** The tables that all databases share, as `schema.name`: a vacuum of one is logged by whichever database had its turn. */
  readonly sharedTables: readonly string[]
  /** What the server logged of it. */
  readonly log: string
}

/** Has a server do everything that its log has an event for. The counts are what was asked of it, or what its own statistics say. */
export async function provokeEvents(server: PostgresServer): Promise<Provoked> {
  const work = await LoggedWork.begin(server)
  const main = await work.connect()
  await main.query(await pgmqSql(extensionDir, () => {}))
  await main.query('CREATE TABLE pair (id int PRIMARY KEY, v text); INSERT INTO pair VALUES (1), (2)')
  await locks(work)
  await logIns(work)
  await mistakes(work, main)
  const calls = await queueCalls(work)
  for (let n = 0; n < 3; n++) await main.query('CHECKPOINT')
  work.count('checkpoint', 3)
  await main.query(
    `SET work_mem = '64kB'; SELECT count(*) FROM (SELECT md5(g::text) AS m FROM generate_series(1, 50000) AS g ORDER BY m) AS s`,
  )
  await vacuums(work, main)
  await brokenPage(work, main)
  await main.end()
  const last = await work.connect()
  work.count('temp_file', await numberOf(last, 'SELECT temp_files FROM pg_stat_database WHERE datname = current_database()'))
  const shared = await last.query(
    "SELECT relnamespace::regnamespace || '.' || relname AS name FROM pg_class WHERE relisshared AND relkind <> 'i'",
  )
  await last.end()
  return { events: work.counts, calls, sharedTables: shared.rows.map(({ name }) => name), log: await work.end() }
}

/** One session waits until the server says so; then the other makes it a deadlock. */
async function locks(work: LoggedWork): Promise<void> {
  for (let n = 0; n < 2; n++) {
    const [a, b] = [await work.connect(), await work.connect()]
    const pid = await numberOf(a, 'SELECT pg_backend_pid()')
    await a.query('BEGIN; UPDATE pair SET v = 1 WHERE id = 1')
    await b.query('BEGIN; UPDATE pair SET v = 1 WHERE id = 2')
    const waiting = a.query('UPDATE pair SET v = 2 WHERE id = 2')
    await work.logged(`process ${pid} still waiting for`)
    work.count('lock_wait')
    await work.refused('deadlock', '40P01', b.query('UPDATE pair SET v = 2 WHERE id = 1'))
    await waiting
    await Promise.all([a.end(), b.end()])
  }
}

async function logIns(work: LoggedWork): Promise<void> {
  for (const options of [{ password: 'wrong' }, { password: 'wrong' }, { user: 'nobody' }]) {
    await work.refused('authentication_failure', '28P01', work.connect(options))
    work.count('connection')
  }
  // Received, authenticated, authorized: only then the database is looked for.
  await work.refused('error', '3D000', work.connect({ database: 'nowhere' }))
  work.count('connection', 3)
  const open: Client[] = []
  while (open.length < 10) {
    const client = await work.connect().catch(() => undefined)
    if (!client) break
    open.push(client)
  }
  work.count('too_many_connections')
  await work.refused('too_many_connections', '53300', work.connect())
  work.count('connection', 2)
  await Promise.all(open.map(client => client.end()))
}

async function mistakes(work: LoggedWork, main: Client): Promise<void> {
  await work.refused('error', '22012', main.query('SELECT 1 / 0'))
  await work.refused('error', '23505', main.query("INSERT INTO pair VALUES (1, 'again')"))
  await work.refused('error', '42P01', main.query('SELECT * FROM no_such_table'))
  await work.refused('error', '42601', main.query('a statement that\n2026-01-01 00:00:00.000 UTC [1] XX001 x PANIC:  looks like a log'))
  await work.refused('disk_full', '53100', main.query("COPY (SELECT generate_series(1, 100000)) TO '/dev/full'"))
  const forger = await work.connect({ application_name: 'x]\tPANIC:  forged] FATAL:  x' })
  await work.refused('error', '22012', forger.query('SELECT 1 / 0'))
  // Ended by another, which is FATAL to itself alone.
  const pid = await numberOf(forger, 'SELECT pg_backend_pid()')
  await main.query('SELECT pg_terminate_backend($1)', [pid])
  work.count('error')
}

/** In a session that has every statement logged. */
async function queueCalls(work: LoggedWork): Promise<Record<string, number>> {
  const session = await work.connect({ options: '-c log_min_duration_statement=0' })
  const calls: Record<string, number> = {}
  const called = (operation: string, queue: string) => {
    const call = `${operation} ${queue}`
    calls[call] = (calls[call] ?? 0) + 1
  }
  const simple = async (operation: string, queue: string, rest = '') => {
    await session.query(`SELECT * FROM pgmq.${operation}('${queue}'${rest})`)
    work.count('statement')
    called(operation, queue)
  }
  const extended = async (operation: string, queue: string, values: readonly unknown[] = [], types: readonly string[] = []) => {
    const rest = types.map((type, n) => `, $${n + 2}::${type}`).join('')
    await session.query(`SELECT * FROM pgmq.${operation}($1${rest})`, [queue, ...values])
    // It is parsed, bound and executed, and each is logged.
    work.count('statement', 3)
    called(operation, queue)
  }
  await simple('create', 'events')
  await extended('create', 'ingest')
  for (let n = 0; n < 3; n++) await simple('send', 'events', `, '{"request_id": "req-${n}"}'`)
  for (let n = 0; n < 2; n++) await extended('send', 'ingest', ['{"x": 1}'], ['jsonb'])
  await simple('read', 'events', ', 30, 1')
  await extended('read', 'ingest', [30, 1], ['int', 'int'])
  await simple('pop', 'events')
  await extended('archive', 'ingest', [1], ['bigint'])
  await extended('delete', 'ingest', [2], ['bigint'])
  await simple('set_vt', 'events', ', 1, 0')
  await simple('metrics', 'events')
  await simple('drop_queue', 'ingest')
  await work.refused('missing_queue', '42P01', session.query(`SELECT * FROM pgmq.send('nosuch', '{}')`))
  called('send', 'nosuch')
  await work.refused('missing_queue', '42P01', session.query('SELECT * FROM pgmq.read($1, 30, 1)', ['ingest']))
  // What failed was parsed and bound before.
  work.count('statement', 2)
  called('read', 'ingest')
  await session.end()
  return calls
}

/** Rows that go, statistics that age, and transactions enough that every table must be vacuumed against wraparound. */
async function vacuums(work: LoggedWork, main: Client): Promise<void> {
  const before = await vacuumsSoFar(work)
  await main.query('CREATE TABLE dead (id int, v text); INSERT INTO dead SELECT g, g FROM generate_series(1, 5000) AS g')
  await main.query('DELETE FROM dead WHERE id % 2 = 0')
  await setAutovacuum(main, 'on')
  while ((await numberOf(main, "SELECT least(autovacuum_count, autoanalyze_count) FROM pg_stat_user_tables WHERE relname = 'dead'")) === 0)
    await sleep(100)
  await main.query('CREATE TABLE burnt (id int)')
  // Each subtransaction that writes takes a transaction's number.
  await main.query(
    'DO $$ BEGIN FOR i IN 1..101000 LOOP BEGIN INSERT INTO burnt VALUES (i); EXCEPTION WHEN division_by_zero THEN NULL; END; END LOOP; END $$',
  )
  while ((await numberOf(main, 'SELECT max(age(datfrozenxid)) FROM pg_database')) > 100_000) await sleep(100)
  await setAutovacuum(main, 'off')
  const after = await vacuumsSoFar(work)
  work.count('autovacuum', after.vacuums - before.vacuums)
  work.count('autoanalyze', after.analyses - before.analyses)
}

/** By the server's own statistics, in all databases that can be asked. */
async function vacuumsSoFar(work: LoggedWork): Promise<{ vacuums: number; analyses: number }> {
  const sums = { vacuums: 0, analyses: 0 }
  for (const database of ['events', 'postgres', 'template1']) {
    const client = await work.connect({ database })
    // Tables that all databases share count once.
    const from = `FROM pg_stat_all_tables JOIN pg_class ON pg_class.oid = relid WHERE NOT relisshared OR current_database() = 'events'`
    sums.vacuums += await numberOf(client, `SELECT sum(autovacuum_count) ${from}`)
    sums.analyses += await numberOf(client, `SELECT sum(autoanalyze_count) ${from}`)
    await client.end()
  }
  return sums
}

/** A page that the server has never written, behind those that it has. */
async function brokenPage(work: LoggedWork, main: Client): Promise<void> {
  await main.query('CREATE TABLE broken AS SELECT 1 AS id')
  const { rows } = await main.query("SELECT pg_relation_filepath('broken') AS file")
  appendFileSync(join(work.server.data, rows[0].file), Buffer.alloc(8192, 0xff))
  await work.refused('corruption', 'XX001', main.query('SELECT count(*) FROM broken'))
  await main.query('DROP TABLE broken')
}

async function numberOf(client: Client, sql: string): Promise<number> {
  const { rows } = await client.query({ text: sql, rowMode: 'array' })
  return Number(rows[0]?.[0])
}
