import { createServer, type Server } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Gate } from '../../../service/engine/gate.ts'
import { hostileDefinitions } from '../hostile-definitions.ts'
import { hostileWrites } from './hostile-writes.ts'
import { openWriteSession, type WriteSession } from './write-session.ts'

let session: WriteSession
let gate: Gate
let listener: Server
let connections = 0
let statements: ReturnType<typeof hostileWrites>

beforeAll(async () => {
  session = await openWriteSession()
  for (const sql of [...hostileDefinitions, 'CREATE TABLE box (a INTEGER, b VARCHAR)']) await session.lake.writer.run(sql)
  gate = new Gate(session.lake.reader)
  listener = createServer(socket => {
    connections += 1
    socket.destroy()
  })
  await new Promise<void>(resolve => listener.listen(0, '127.0.0.1', resolve))
  const address = listener.address()
  const port = typeof address === 'object' && address ? address.port : 0
  statements = hostileWrites({ listener: `127.0.0.1:${port}`, dataPath: session.lake.dataPath })
})
afterAll(async () => {
  listener.close()
  await session.close()
})

const rows = async (sql: string) => JSON.stringify((await session.engine.runAndReadAll(sql)).getRowsJson())

/** What only the operator may change: on the engine, and in the catalog. */
const belongings = async () => ({
  secrets: await rows('SELECT name, secret_string FROM duckdb_secrets() ORDER BY name'),
  databases: await rows('SELECT database_name FROM duckdb_databases() ORDER BY database_name'),
  aside: await rows("SELECT table_name FROM duckdb_tables() WHERE database_name IN ('temp', 'memory', 'system')"),
  views: await rows("SELECT view_name FROM duckdb_views() WHERE database_name IN ('temp', 'memory')"),
  macros: await rows("SELECT function_name FROM duckdb_functions() WHERE database_name = 'lake' ORDER BY function_name"),
  options: await rows('SELECT key, value FROM __ducklake_metadata_lake.public.ducklake_metadata ORDER BY key'),
  schemas: await rows("SELECT schema_name FROM duckdb_schemas() WHERE database_name = 'lake' ORDER BY schema_name"),
})

const snapshots = () => rows('SELECT count(*) FROM __ducklake_metadata_lake.public.ducklake_snapshot')

/** As an engine that reads answers the next caller. */
async function nextAnswer(): Promise<string> {
  const { reader } = session.lake
  await reader.run('BEGIN')
  try {
    const [snapshot] = (await reader.runAndReadAll('FROM lake.current_snapshot()')).getRows()
    await gate.refresh(BigInt(String(snapshot?.[0])))
    const { sql } = await gate.check('SELECT count(*), sum(fares) FROM rides')
    return JSON.stringify((await reader.runAndReadAll(sql)).getRowsJson())
  } finally {
    await reader.run('ROLLBACK')
  }
}

describe('hostile writes', () => {
  it('are refused or harmless, leave nothing behind, and the next caller is answered correctly', async () => {
    expect(statements.length).toBeGreaterThanOrEqual(200)
    const before = await belongings()
    const wrong: unknown[] = []
    for (const { sql, tries, outcome } of statements) {
      const shown = { sql: sql.slice(0, 120), tries }
      const commits = await snapshots()
      const { code, detail } = await session.outcome(sql)
      if (!(outcome === 'harmless' ? ['ok'] : outcome).some(allowed => allowed === code)) wrong.push({ ...shown, code, detail })
      if (/root:|PATH=|4711|host=|SCRAM/.test(detail)) wrong.push({ ...shown, leaked: detail })
      if (code !== 'ok' && (await snapshots()) !== commits) wrong.push({ ...shown, committed: true })
      const next = await nextAnswer()
      if (next !== '[["500","47499.20"]]') wrong.push({ ...shown, next })
    }
    expect(wrong).toEqual([])
    expect(await belongings()).toEqual(before)
    expect(connections).toBe(0)
  })

  it('texts arrive as they were written', async () => {
    expect(await rows('SELECT a, b FROM box ORDER BY a')).toBe(
      JSON.stringify([
        [3, ' $b$; DROP TABLE rides; -- '],
        [4, '\u00a0\u200b\u2028'],
        [5, 'x'],
        [6, 'y'],
        [7, null],
        [20, "it's; DROP TABLE rides; --"],
      ]),
    )
  })
})
