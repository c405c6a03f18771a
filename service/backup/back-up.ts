import { randomUUID } from 'node:crypto'
import { bytesOf, nothing } from '../engine/maintenance/maintenance-report.ts'
import type { FileStore } from '../files/file-store.ts'
import { Store } from '../store/store.ts'
import { TableLocks } from '../writes/table-lock.ts'
import type { LakeAtHand } from './lake-at-hand.ts'
import { type BackupOptions, makeBackup } from './make-backup.ts'
import type { Manifest } from './manifest.ts'
import { recorded } from './program.ts'

/** What was done, for programs. */
export interface BackupReport {
  readonly id: string
  readonly place: string
  readonly snapshotId: string
  readonly snapshotAt: string
  readonly tableCount: number
  readonly rowCount: number
  readonly fileCount: number
  readonly bytes: number
  readonly copied: { readonly fileCount: number; readonly bytes: number }
  readonly elapsedMs: number
}

/** Makes a backup, notes it in the lake and says what was done. */
export async function backUp(
  lake: LakeAtHand,
  to: FileStore,
  { say, ...options }: BackupOptions & { readonly say: (line: string) => void },
): Promise<{ readonly manifest: Manifest; readonly report: BackupReport }> {
  const started = performance.now()
  const store = new Store(lake.service)
  const locks = new TableLocks(lake.service, `ducklake-backup-${randomUUID()}`)
  try {
    const { manifest, copied, copiedBytes } = await recorded(store, 'backup', async () => {
      const result = await makeBackup(lake, { store, locks }, to, options)
      const { files, snapshotId } = result.manifest
      const report = {
        ...nothing,
        fileCount: files.length,
        bytes: bytesOf(files),
        created: { fileCount: result.copied, bytes: result.copiedBytes },
      }
      return { result, outcome: { report, snapshotId } }
    })
    const { id, catalog, files, tables, catalogOnly } = manifest
    const rows = tables.reduce((sum, table) => sum + table.rows, 0)
    say(`The backup ${id} is in ${to.place}`)
    say(
      `  catalog   ${catalog.length} tables, ${catalog.reduce((sum, table) => sum + table.rows, 0)} rows, version ${manifest.snapshotId} of the lake`,
    )
    say(
      catalogOnly
        ? `  files     ${files.length} of ${bytesOf(files)} bytes are in the lake, none was copied`
        : `  files     ${files.length} of ${bytesOf(files)} bytes, of which ${copied} of ${copiedBytes} bytes were copied now`,
    )
    say(`  tables    ${tables.length} with ${rows} rows${options.checksums ? ', with a checksum of each' : ''}`)
    say(`  time      ${secondsSince(started)} s`)
    const report = {
      ...{ id, place: to.place, snapshotId: manifest.snapshotId, snapshotAt: manifest.snapshotAt },
      ...{ tableCount: tables.length, rowCount: rows, fileCount: files.length, bytes: bytesOf(files) },
      copied: { fileCount: copied, bytes: copiedBytes },
      elapsedMs: Math.round(performance.now() - started),
    }
    return { manifest, report }
  } finally {
    await locks.close()
    await store.close()
  }
}

export function secondsSince(started: number): string {
  return ((performance.now() - started) / 1_000).toFixed(1)
}
