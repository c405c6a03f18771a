import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withPostgres } from '../../service/catalog/connect-postgres.ts'
import { installPgmq } from '../../service/catalog/install-pgmq.ts'
import type { CatalogLogin } from '../../service/catalog/lake-connection.ts'
import { pgmq, pgmqFile, pgmqSql } from '../../service/extensions/pgmq-sql.ts'
import { migrateStore } from '../../service/store/migrate-store.ts'
import { extensionDir } from './run-service.ts'
import { type PostgresServer, startPostgresServer } from './servers/postgres-server.ts'

const realSql = () => pgmqSql(extensionDir, () => {})

/** A database of its own with the gateway's role in it, and what was said about PGMQ in there. */
async function newDatabase({ administrator }: PostgresServer, database: string) {
  const user = `service_of_${database}`
  const admin: CatalogLogin = { ...administrator, database }
  const service: CatalogLogin = { ...admin, user, password: 'x' }
  await withPostgres(administrator, async client => {
    await client.query(`CREATE ROLE ${user} LOGIN PASSWORD 'x'`)
    await client.query(`CREATE DATABASE ${database}`)
  })
  await withPostgres(admin, client => client.query(`CREATE SCHEMA app AUTHORIZATION ${user}`))
  await withPostgres(service, client => migrateStore(client, () => {}))
  const install = async (sql = realSql) => {
    const lines: string[] = []
    const say = (line: string) => lines.push(line)
    await withPostgres(admin, client => installPgmq(client, user, { sql, say, did: say }))
    return lines
  }
  return { admin, service, install }
}

const oneValue = async (client: Client, sql: string) => Object.values((await client.query(sql)).rows[0] ?? {})[0]

/** What the queue needs of it. */
async function sendAndRead(client: Client): Promise<unknown> {
  await client.query(`SELECT pgmq.create('rides')`)
  await client.query(`SELECT pgmq.send_batch('rides', ARRAY['{"ride": 1}']::jsonb[])`)
  const read = await oneValue(client, `SELECT message FROM pgmq.read('rides', 30, 10)`)
  await client.query(`SELECT pgmq.drop_queue('rides')`)
  return read
}

describe('PGMQ', () => {
  let plain: PostgresServer
  let offering: PostgresServer
  const share = mkdtempSync(join(tmpdir(), 'share-'))
  beforeAll(async () => {
    // The same SQL packed as the extension that it also is.
    chmodSync(share, 0o755)
    mkdirSync(join(share, 'extension'))
    writeFileSync(join(share, 'extension', `pgmq--${pgmq.version}.sql`), await realSql())
    const control = { default_version: pgmq.version, relocatable: false, superuser: false, schema: 'pgmq' }
    const lines = Object.entries(control).map(([name, value]) => `${name} = '${value}'`)
    writeFileSync(join(share, 'extension', 'pgmq.control'), lines.join('\n'))
    plain = await startPostgresServer()
    offering = await startPostgresServer([`extension_control_path=${share}:$system`])
  })
  afterAll(async () => {
    await Promise.all([plain?.remove(), offering?.remove()])
    rmSync(share, { recursive: true })
  })

  it.each([
    ['its SQL', () => plain, `installed PGMQ ${pgmq.version} by its SQL`, null],
    ['the server’s extension', () => offering, `installed PGMQ ${pgmq.version}, the server's extension`, pgmq.version],
  ])('is installed by %s, once, as the gateway’s own', async (_, server, did, extension) => {
    const { service, install } = await newDatabase(server(), 'installed')
    expect(await install()).toEqual([did])
    expect(await install()).toEqual([])
    await withPostgres(service, async client => {
      expect(await sendAndRead(client)).toEqual({ ride: 1 })
      expect(await oneValue(client, `SELECT name FROM app.migration WHERE name LIKE 'pgmq%'`)).toBe(`pgmq-${pgmq.version}`)
      expect(await oneValue(client, `SELECT max(extversion) FROM pg_extension WHERE extname = 'pgmq'`)).toBe(extension)
      // The right that the installation needed is gone.
      await expect(client.query('CREATE SCHEMA mine')).rejects.toMatchObject({ code: '42501' })
    })
  })

  it('is nobody else’s', async () => {
    const { admin, service, install } = await newDatabase(plain, 'closed')
    await install()
    await withPostgres(service, client => client.query(`SELECT pgmq.create('rides')`))
    await withPostgres(admin, client => client.query(`CREATE ROLE stranger LOGIN PASSWORD 'x'`))
    await withPostgres({ ...admin, user: 'stranger', password: 'x' }, async client => {
      for (const sql of [`SELECT pgmq.pop('rides')`, 'TABLE pgmq.q_rides'])
        await expect(client.query(sql)).rejects.toMatchObject({ code: '42501' })
    })
  })

  it('that an administrator made before is opened to the gateway', async () => {
    const { admin, service, install } = await newDatabase(offering, 'taken_over')
    await withPostgres(admin, client => client.query('CREATE EXTENSION pgmq'))
    expect(await install()).toEqual(['opened PGMQ, which was there, to the gateway’s role'])
    expect(await install()).toEqual([])
    expect(await withPostgres(service, sendAndRead)).toEqual({ ride: 1 })
  })

  it('that cannot be had is said to be missing, and leaves nothing half made', async () => {
    const { admin, install } = await newDatabase(plain, 'without')
    const absent = async () => {
      throw new Error('no way to a package index')
    }
    expect(await install(absent)).toEqual([
      'PGMQ could not be fetched (no way to a package index), so the lake has no ingest queue; the next migration tries again.',
    ])
    await expect(install(async () => 'CREATE TABLE pgmq.meta (); SELECT 1 / 0')).rejects.toThrow()
    expect(await withPostgres(admin, client => oneValue(client, `SELECT to_regnamespace('pgmq')`))).toBeNull()
    expect(await install()).toHaveLength(1)
  })

  it('is kept beside the extensions, and read from there without pip', async () => {
    await realSql()
    expect(existsSync(pgmqFile(extensionDir))).toBe(true)
    const path = process.env.PATH
    process.env.PATH = ''
    try {
      expect(await realSql()).toContain('CREATE FUNCTION pgmq.send_batch(')
      await expect(pgmqSql(share, () => {})).rejects.toThrow('neither python3 nor pip is on the PATH')
    } finally {
      process.env.PATH = path
    }
  })
})
