import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { withPostgres } from '../catalog/connect-postgres.ts'
import type { EngineLimits } from '../config.ts'
import { attachLake } from '../engine/attach-lake.ts'
import { readRows } from '../engine/maintenance/read-catalog.ts'
import { type FileStore, sizesIn } from '../files/file-store.ts'
import { StartupError } from '../startup-error.ts'
import { assertTables, checksumTables } from './checksum-tables.ts'
import { filePath, type Manifest, tablePath } from './manifest.ts'
import { Meter } from './meter.ts'
import { assertNoCatalog, type CatalogTarget, restoreCatalog } from './restore-catalog.ts'
import { assertFiles, copyFile, eachOf, referencedFiles } from './save-files.ts'

/** What a backup is restored into. */
export interface RestoreTarget extends CatalogTarget {
  /** The lake's place, to be written to. */
  readonly files: FileStore
  readonly spillDir: string
}

interface RestoreOptions {
  readonly limits: EngineLimits
  readonly say: (line: string) => void
  readonly signal: AbortSignal
}

/** Files on their way at the same time. */
const copiesAtOnce = 4

/** Restores a backup into a target that is empty: first it is read through and nothing is touched, then come the files, then the catalog as
 * one transaction, and at last every table is counted and compared through a reading engine.
 * @throws StartupError that names the file or table which is missing or not as it was. */
export async function restoreBackup(from: FileStore, manifest: Manifest, target: RestoreTarget, options: RestoreOptions): Promise<void> {
  await assertDump(from, manifest)
  if (!manifest.catalogOnly) await assertFiles(from, manifest.files, filePath(''))
  await assertNoCatalog(target)
  if (manifest.catalogOnly) await assertFiles(target.files, manifest.files)
  else await restoreFiles(from, manifest, target.files, options)
  options.signal.throwIfAborted()
  await restoreCatalog(target, manifest, from, options.say)
  await assertRestored(target, manifest, options.limits)
}

/** Every table of the dump, to its last byte. */
async function assertDump(from: FileStore, manifest: Manifest): Promise<void> {
  for (const table of manifest.catalog) {
    const name = `The table ${table.schema}.${table.name} of the backup ${manifest.id}`
    const meter = new Meter()
    const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
    try {
      await pipeline(await from.read(tablePath(manifest.id, table)), meter, nowhere)
    } catch (error) {
      throw new StartupError(`${name} cannot be read: ${error instanceof Error ? error.message : error}.`)
    }
    if (meter.bytes !== table.bytes)
      throw new StartupError(`${name} has ${meter.bytes} bytes and not ${table.bytes}: it is cut or changed.`)
    if (meter.sha256 !== table.sha256) throw new StartupError(`${name} has other bytes than it had when it was saved.`)
  }
}

/** What is there already must be of this backup: of a restore that was interrupted. */
async function restoreFiles(from: FileStore, { id, files }: Manifest, to: FileStore, { signal }: RestoreOptions): Promise<void> {
  const there = await sizesIn(to)
  const wanted = new Set(files.map(({ path }) => path))
  const [stray] = [...there.keys()].filter(path => !wanted.has(path))
  if (stray !== undefined)
    throw new StartupError(`${to.place} is not empty, it has ${stray}, which is not of the backup ${id}: restore into another place.`)
  await eachOf(files, copiesAtOnce, async file => {
    signal.throwIfAborted()
    if (there.get(file.path) !== file.bytes) await copyFile(from, filePath(file.path), to, file.path, file)
  })
}

async function assertRestored(target: RestoreTarget, manifest: Manifest, limits: EngineLimits): Promise<void> {
  await assertFiles(target.files, manifest.files)
  await assertReferences(target, manifest)
  const engine = await attachLake(target.connections.reader, limits, target.spillDir)
  try {
    const [[snapshot, version] = []] = await readRows(engine, 'SELECT id, version() FROM lake.current_snapshot()')
    if (String(snapshot) !== manifest.snapshotId)
      throw new StartupError(`The newest version of the restored lake is ${snapshot} and not ${manifest.snapshotId}.`)
    // Another version of DuckDB may hash otherwise: then the rows are counted only.
    const comparable = String(version) === manifest.versions.duckdb && manifest.tables.some(({ checksum }) => checksum !== undefined)
    assertTables(await checksumTables(engine, manifest.tables, manifest.snapshotId, comparable), manifest.tables)
  } finally {
    engine.closeSync()
  }
}

/** Those of versions that no count looks at too. */
async function assertReferences({ connections: { reader } }: RestoreTarget, { files }: Manifest): Promise<void> {
  const referenced = await withPostgres(reader.catalog, client => referencedFiles(client, reader.dataPath))
  const known = new Map(referenced.map(({ path, bytes }) => [path, bytes]))
  const lost = files.find(({ path, bytes }) => known.get(path) !== bytes)
  if (lost) throw new StartupError(`The restored catalog does not know the file ${lost.path} of ${lost.bytes} bytes.`)
  if (known.size > files.length) throw new StartupError(`The restored catalog knows ${known.size} files and not ${files.length}.`)
}
