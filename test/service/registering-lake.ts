import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { afterAll, beforeAll } from 'vitest'
import { attachLake } from '../../service/engine/attach-lake.ts'
import { Gate } from '../../service/engine/gate.ts'
import { PreparedConstants } from '../../service/engine/prepared-constants.ts'
import { load } from '../../service/engine/writes/load.ts'
import type { LoadOrder } from '../../service/engine/writes/load-order.ts'
import { DataFolder } from '../../service/files/data-folder.ts'
import { type OpenLake, openLake } from './open-lake.ts'
import { temporaryFolder } from './run-service.ts'

interface Opened {
  readonly lake: OpenLake
  readonly engine: DuckDBConnection
  readonly maintenance: DuckDBConnection
}

const limits = { memoryMb: 512, dataLimitMb: 3_072, spillMb: 64, threads: 2 }

/** A thousand rows that fit a new table. */
export const plain = `SELECT i::INTEGER AS id, 'n' || i AS name FROM range(1000) AS r(i)`

/** A lake for the tests of one file, with an engine that loads Parquet files of any size as they are. */
export function registeringLake() {
  const spool = temporaryFolder()
  let opened: Opened
  beforeAll(async () => {
    const lake = await openLake()
    const engine = await attachLake(lake.connections.writer, limits, temporaryFolder(), [], [spool], 'writer')
    opened = { lake, engine, maintenance: await lake.attach('maintenance') }
  })
  afterAll(async () => {
    opened.engine.closeSync()
    opened.maintenance.closeSync()
    await opened.lake.close()
  })

  const run = (sql: string) => opened.lake.writer.run(sql)
  const rowsOf = async (sql: string) => (await opened.lake.reader.runAndReadAll(sql)).getRowsJson()
  const one = async (sql: string) => (await rowsOf(sql))[0]?.[0]

  let sent = 0
  function append(table: string, data: Uint8Array, more: Partial<LoadOrder> = {}) {
    sent += 1
    const path = join(spool, `${sent}`)
    writeFileSync(path, data)
    const session = {
      lake: opened.engine,
      gate: new Gate(opened.engine),
      constants: new PreparedConstants(opened.engine),
      pipe: '',
      files: new DataFolder(opened.lake.connections.writer),
      threads: 2,
    }
    return load(session, {
      table: { schema: 'main', name: table },
      mode: 'append',
      source: { format: 'parquet', paths: [path] },
      maxRejects: 0,
      register: { trust: 'checked', minBytes: 0 },
      dryRun: false,
      author: 'tests',
      note: { id: `${sent}`, request: 'r', by: 'tests' },
      ...more,
    })
  }

  /** A table of its own, with two columns. */
  async function newTable(columns = 'id INTEGER NOT NULL, name VARCHAR'): Promise<string> {
    sent += 1
    await run(`CREATE TABLE t${sent} (${columns})`)
    return `t${sent}`
  }

  return { append, newTable, one, run, rowsOf, opened: () => opened }
}
