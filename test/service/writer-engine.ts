import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { expect } from 'vitest'
import { readConfig } from '../../service/config.ts'
import { attachLake } from '../../service/engine/attach-lake.ts'
import { openSource } from '../../service/engine/ingest/open-source.ts'
import type { CsvOptions, SourceFormat, TargetColumn } from '../../service/engine/ingest/source.ts'
import { openLake } from './open-lake.ts'
import { temporaryFolder } from './run-service.ts'

interface Outcome {
  readonly rows: unknown
  readonly rejects: unknown
}

/** An engine as it writes: locked, with the spool as the only folder beside the lake's. */
export interface WriterEngine {
  readonly duckdb: DuckDBConnection
  /** A file in the spool. */
  fileOf(data: string | Uint8Array): string
  /** Loads data as an append does: strictly, and if that fails, with what is wrong and what is left. */
  load(format: SourceFormat, data: string | Uint8Array, target: string, csv?: CsvOptions): Promise<Outcome>
  /** Closes it, and makes sure that nothing was left in the lake, in the engine or in the spool. */
  close(): Promise<void>
}

export async function openWriterEngine(): Promise<WriterEngine> {
  const lake = await openLake()
  const spool = temporaryFolder()
  const duckdb = await attachLake(lake.connections.writer, readConfig({}, []).engine, temporaryFolder(), [], [spool], 'writer')
  const files: string[] = []
  const rowsOf = async (sql: string) => (await duckdb.runAndReadAll(sql)).getRowsJson()
  const fileOf = (data: string | Uint8Array) => {
    const name = `${files.length}`
    files.push(name)
    writeFileSync(join(spool, name), data)
    return join(spool, name)
  }
  return {
    duckdb,
    fileOf,
    async load(format, data, target, csv) {
      const into = columns(target)
      const opened = await openSource(duckdb, { format, paths: [fileOf(data)], ...(csv && { csv }) })
      try {
        return { rows: await rowsOf(opened.strictSql(into)), rejects: undefined }
      } catch {
        const { total, count, first } = await opened.findRejects(into, 20)
        const rows = await rowsOf(opened.acceptedSql(into))
        expect(total - count, 'rows that are neither written nor rejected').toBe(rows.length)
        return { rows, rejects: { count, first } }
      } finally {
        await opened.close()
      }
    },
    async close() {
      expect(await rowsOf(`SELECT table_name FROM duckdb_tables() WHERE database_name = 'temp'`)).toEqual([])
      expect(await rowsOf(`SELECT table_name FROM duckdb_tables() WHERE database_name = 'lake'`)).toEqual([['rides']])
      expect(readdirSync(spool).sort()).toEqual(files.sort())
      duckdb.closeSync()
      await lake.close()
    },
  }
}

/** `a INTEGER, b VARCHAR!` are columns, the second one required. */
export function columns(text: string): TargetColumn[] {
  return text.split(/, (?![^(]*\))/).map(each => {
    const [, name = '', type = '', mark] = /^(\S+) (.+?)(!?)$/.exec(each) ?? []
    return { name, type, required: mark === '!' }
  })
}

/** What is thrown for data that cannot be read. */
export function refusal(detail: string | RegExp): object {
  return { code: 'dataInvalid', detail: typeof detail === 'string' ? expect.stringContaining(detail) : expect.stringMatching(detail) }
}
