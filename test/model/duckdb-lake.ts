import { setTimeout as sleep } from 'node:timers/promises'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { attachSql, secretsSql, storageSettingsSql } from '../../service/catalog/attach-sql.ts'
import type { LakeConnection } from '../../service/catalog/lake-connection.ts'
import { loadExtensions } from '../../service/extensions/load-extensions.ts'
import type { ChangedLake } from './changed-lake.ts'

/** How often a change is tried that lost against another. */
const tries = 500

/** A writer that uses DuckDB without the service, and may have inlining on: what a careless one would do.
 * @param inlinedRows up to how many rows of a change go into the catalog and not into a file */
export async function openDuckdb(connection: LakeConnection, inlinedRows: number): Promise<DuckDBConnection> {
  const duckdb = await (await DuckDBInstance.create(':memory:')).connect()
  await loadExtensions(duckdb, connection.extensionDir)
  await duckdb.run(secretsSql(connection) + storageSettingsSql(connection))
  const attach = attachSql(connection, { readOnly: false, create: false })
  await duckdb.run(attach.replace('DATA_INLINING_ROW_LIMIT 0', `DATA_INLINING_ROW_LIMIT ${inlinedRows}`))
  await duckdb.run('SET threads = 1')
  return duckdb
}

/** A table changed by plain statements, each of which commits by itself. */
export class DuckdbLake implements ChangedLake {
  constructor(
    private readonly duckdb: DuckDBConnection,
    private readonly table: string,
  ) {}

  append(writer: number, values: ReadonlyMap<number, number>): Promise<void> {
    const rows = [...values].map(([id, value]) => `(${writer}, ${id}, ${value})`)
    return this.change(`INSERT INTO ${this.table} VALUES ${rows.join(', ')}`)
  }

  remove(writer: number, id: number): Promise<void> {
    return this.change(`DELETE FROM ${this.table} WHERE writer = ${writer} AND id = ${id}`)
  }

  update(writer: number, id: number, value: number): Promise<void> {
    return this.change(`UPDATE ${this.table} SET value = ${value} WHERE writer = ${writer} AND id = ${id}`)
  }

  recreate(): Promise<void> {
    return this.change(`CREATE OR REPLACE TABLE ${this.table} AS FROM ${this.table}`)
  }

  async compact(): Promise<void> {
    await this.change(`CALL ducklake_merge_adjacent_files('lake')`)
    await this.change(`CALL ducklake_rewrite_data_files('lake', delete_threshold => 0.01)`)
  }

  async read(writer: number): Promise<[number, number][]> {
    const reader = await this.duckdb.runAndReadAll(`SELECT id, value FROM ${this.table} WHERE writer = ${writer}`)
    return reader.getRows().map(([id, value]) => [Number(id), Number(value)])
  }

  private async change(sql: string): Promise<void> {
    for (let left = tries; ; left -= 1) {
      try {
        await this.duckdb.run(sql)
        return
      } catch (error) {
        if (left === 0 || !/conflict/i.test(String(error))) throw error
        await this.duckdb.run('ROLLBACK').catch(() => {})
        await sleep(Math.random() * 40)
      }
    }
  }
}
