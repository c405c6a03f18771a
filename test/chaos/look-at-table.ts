import type { DuckDBConnection } from '@duckdb/node-api'
import type { Found } from './ledger.ts'

/** What lies in the table, past the service: by DuckDB itself. */
export async function lookAtTable(lake: DuckDBConnection, table: string): Promise<Found[]> {
  const reader = await lake.runAndReadAll(`SELECT writer, sequence, count(*) AS rows, count(DISTINCT row) AS different,
      list(DISTINCT snapshot_id::VARCHAR) AS snapshots
    FROM lake.main."${table}" GROUP BY writer, sequence`)
  return reader.getRowObjectsJson().map(({ writer, sequence, rows, different, snapshots }) => ({
    writer: Number(writer),
    sequence: Number(sequence),
    rows: Number(rows),
    differentRows: Number(different),
    snapshots: Array.isArray(snapshots) ? snapshots.map(String) : [],
  }))
}

/** Files under the lake's path that no snapshot knows: what an engine had written when it was killed. */
export async function listOrphans(lake: DuckDBConnection): Promise<string[]> {
  const reader = await lake.runAndReadAll(`SELECT path FROM ducklake_delete_orphaned_files('lake', dry_run => true, cleanup_all => true)`)
  return reader.getRows().map(([path]) => String(path))
}

/** Only where nobody writes any more. */
export async function removeOrphans(lake: DuckDBConnection): Promise<void> {
  await lake.run(`CALL ducklake_delete_orphaned_files('lake', cleanup_all => true)`)
}

/** Files that the newest snapshot is made of. */
export async function listFiles(lake: DuckDBConnection, table: string): Promise<string[]> {
  const reader = await lake.runAndReadAll(`SELECT data_file FROM ducklake_list_files('lake', '${table}')`)
  return reader.getRows().map(([path]) => String(path))
}
