import { Readable } from 'node:stream'
import type { Client } from 'pg'
import { placeOf } from '../catalog/lake-connection.ts'
import type { EngineLimits } from '../config.ts'
import { attachLake } from '../engine/attach-lake.ts'
import { readRows } from '../engine/maintenance/read-catalog.ts'
import { type FileStore, openStore } from '../files/file-store.ts'
import { StartupError } from '../startup-error.ts'
import type { Store } from '../store/store.ts'
import type { TableLocks } from '../writes/table-lock.ts'
import { checksumTables, tablesOf } from './checksum-tables.ts'
import { dumpCatalog, withCatalogView } from './dump-catalog.ts'
import { backupId, newestBackup } from './find-backup.ts'
import { holdPause } from './hold-pause.ts'
import type { LakeAtHand } from './lake-at-hand.ts'
import { type Manifest, manifestFormat, manifestPath, type SavedFile } from './manifest.ts'
import { assertFiles, referencedFiles, saveFiles } from './save-files.ts'

export interface BackupOptions {
  /** Leaves out the data files: the bucket itself keeps or replicates them. */
  readonly catalogOnly: boolean
  /** Whether every row is read for a checksum. */
  readonly checksums: boolean
  readonly limits: EngineLimits
  readonly signal: AbortSignal
}

export interface Backup {
  readonly manifest: Manifest
  readonly copied: number
  readonly copiedBytes: number
}

/** Makes a backup: a pause of whatever removes files, one view of the catalog, its files, the proof that all of them are there, and at
 * last the manifest, without which it does not count. @throws StartupError that names what is missing */
export async function makeBackup(
  lake: LakeAtHand,
  { store, locks }: { readonly store: Store; readonly locks: TableLocks },
  to: FileStore,
  options: BackupOptions,
): Promise<Backup> {
  const { dataPath } = lake.connections.reader
  if (to.place.startsWith(dataPath))
    throw new StartupError(
      `${to.place} lies inside of the lake's own place, ${dataPath}, where DuckLake deletes what it does not know: use another.`,
    )
  return holdPause(store, locks, options.signal, async () => {
    const before = options.catalogOnly ? undefined : await newestBackup(to)
    const { reader } = lake.connections
    const dumped = await withCatalogView(reader.catalog, lake.service, async view => {
      const head = await headOf(view.reader)
      const id = backupId(new Date(), head.snapshotId)
      const files = await referencedFiles(view.reader, reader.dataPath)
      return { id, ...head, files, tables: await tablesOf(view.reader), dump: await dumpCatalog(view, id, to) }
    })
    options.signal.throwIfAborted()
    const from = await openStore(placeOf(reader))
    await assertFiles(from, dumped.files)
    const { files, copied, copiedBytes } = options.catalogOnly
      ? { files: dumped.files, copied: 0, copiedBytes: 0 }
      : await saveFiles(from, to, dumped.files, before?.files ?? [])
    options.signal.throwIfAborted()
    const { tables, duckdb } = await countRows(lake, dumped.tables, dumped.snapshotId, options)
    const manifest: Manifest = {
      format: manifestFormat,
      id: dumped.id,
      madeAt: new Date().toISOString(),
      versions: { ducklake: dumped.ducklake, duckdb, postgres: dumped.postgres },
      snapshotId: dumped.snapshotId,
      snapshotAt: dumped.snapshotAt,
      dataPath: reader.dataPath,
      catalogOnly: options.catalogOnly,
      ...dumped.dump,
      files: [...files] satisfies SavedFile[],
      tables,
    }
    await to.write(manifestPath(dumped.id), Readable.from([Buffer.from(JSON.stringify(manifest))]))
    return { manifest, copied, copiedBytes }
  })
}

/** The newest version in the view, and what it was made with. */
async function headOf(reader: Client): Promise<{ snapshotId: string; snapshotAt: string; ducklake: string; postgres: string }> {
  const { rows } = await reader.query<{ id: string; at: Date; ducklake: string; postgres: string }>(
    `SELECT snapshot_id AS id, snapshot_time AS at, current_setting('server_version') AS postgres,
       (SELECT value FROM public.ducklake_metadata WHERE key = 'version' AND scope IS NULL) AS ducklake
     FROM public.ducklake_snapshot ORDER BY snapshot_id DESC LIMIT 1`,
  )
  const [head] = rows
  if (!head) throw new Error('the catalog has no snapshot')
  return { snapshotId: head.id, snapshotAt: head.at.toISOString(), ducklake: head.ducklake, postgres: head.postgres }
}

async function countRows(
  lake: LakeAtHand,
  tables: readonly { readonly schema: string; readonly name: string }[],
  version: string,
  { limits, checksums }: BackupOptions,
): Promise<{ tables: Manifest['tables']; duckdb: string }> {
  const engine = await attachLake(lake.connections.reader, limits, lake.spillDir)
  try {
    const [[duckdb] = []] = await readRows(engine, 'SELECT version()')
    return { tables: await checksumTables(engine, tables, version, checksums), duckdb: String(duckdb) }
  } finally {
    engine.closeSync()
  }
}
