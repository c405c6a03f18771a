import { type ClientBase, DatabaseError } from 'pg'
import { withPostgres } from '../catalog/connect-postgres.ts'
import type { CatalogLogin } from '../catalog/lake-connection.ts'
import type { DeletionsOrder, DeletionsReport } from '../engine/publish/read-deletions.ts'
import { ServiceError } from '../errors.ts'
import type { FileStore } from '../files/file-store.ts'
import { noteWithdrawing } from '../store/publication-life.ts'
import {
  deletePublication,
  findPublication,
  listLiveFiles,
  noteFailure,
  noteNames,
  noteSnapshot,
  readAdded,
  type StoredPublication,
  type StoredVersion,
  storeVersion,
} from '../store/publications.ts'
import type { LockWait, TableLocks } from '../writes/table-lock.ts'
import { parseAction } from './action.ts'
import { compareFiles } from './compare-files.ts'
import { DeltaLog } from './delta-log.ts'
import { schemaString, withoutColumns } from './delta-schema.ts'
import { type CheckpointParts, makeCheckpoint } from './make-checkpoint.ts'
import { addedFile, versionActions } from './make-version.ts'
import { nameColumns } from './physical-names.ts'
import { type LakeFile, readFiles } from './read-files.ts'
import { findTable, isThere, readTable, type TableIds, type TableState } from './read-table.ts'
import { assertSamePlace, isOfThisLake, ofAnotherHistory } from './same-lake.ts'

/** Classes of PostgreSQL’s codes in which the server is there but cannot serve. */
const unavailable = /^(08|53|57)/

export interface PublisherParts extends CheckpointParts {
  /** As a role that may read the catalog. */
  readonly catalog: CatalogLogin
  /** Has an engine read delete files. */
  readonly readDeletions: (order: DeletionsOrder, signal: AbortSignal) => Promise<DeletionsReport>
  readonly locks: TableLocks
  /** Where all logs lie. */
  readonly place: () => Promise<FileStore>
  /** Of so many versions the last one becomes a checkpoint. */
  readonly checkpointEvery: () => number
  /** Told of a checkpoint that could not be written: the version counts all the same. */
  readonly checkpointFailed: (error: unknown) => void
}

/** What is said of a publication as long as its log is being removed. */
const beingWithdrawn = {
  code: 'conflict',
  detail: 'The publication is being removed. What is left of it goes with the next DELETE, POST, or within the hour.',
} as const

/** What became of an attempt. */
export interface Published {
  readonly version: number
  readonly snapshotId: string
  /** Whether there was anything to publish. */
  readonly changed: boolean
  readonly addedFiles: number
  readonly removedFiles: number
  /** Written into the log. */
  readonly bytes: number
}

/** Keeps the logs of publications up to date: each attempt makes at most one version, of the newest snapshot. */
export class Publisher {
  constructor(private readonly parts: PublisherParts) {}

  /** Publishes what has changed. @throws ServiceError, which is also noted; the log ends with its last whole version then */
  publish(id: string, wait: LockWait): Promise<Published> {
    const { locks, store } = this.parts
    return locks.withPublication(id, wait, async signal => {
      try {
        for (;;) {
          const publication = await findPublication(store.ask, id)
          if (!publication) throw new ServiceError('notFound', 'The publication was removed meanwhile.')
          if (publication.withdrawing) throw new ServiceError(beingWithdrawn.code, beingWithdrawn.detail)
          const done = await this.publishNext(publication, signal)
          if (done) return done
        }
      } catch (error) {
        if (error instanceof ServiceError && error.code !== 'catalogUnavailable')
          await noteFailure(store.ask, id, { code: error.code, detail: error.detail })
        throw error
      }
    })
  }

  /** Which table a name is of. */
  find(schema: string, table: string): Promise<TableIds | undefined> {
    return this.inCatalog(catalog => findTable(catalog, schema, table))
  }

  /** @throws ServiceError invalidRequest if the table has no such columns */
  async assertColumns(tableId: string, names: readonly string[]): Promise<void> {
    const { columns } = await this.inCatalog(catalog => readTable(catalog, tableId))
    const unknown = names.filter(each => !columns.some(({ name }) => name === each))
    if (unknown.length > 0) throw new ServiceError('invalidRequest', `leaveOut has ${unknown.join(', ')}: the table has no such column.`)
  }

  /** Whether a table is in the newest version of the lake, under whatever name. */
  hasTable(tableId: string): Promise<boolean> {
    return this.inCatalog(catalog => isThere(catalog, tableId))
  }

  /** The lake's newest version. */
  newestSnapshot(): Promise<bigint> {
    return this.inCatalog(async catalog => {
      const { rows } = await catalog.query<{ id: string }>('SELECT max(snapshot_id) AS id FROM public.ducklake_snapshot')
      return BigInt(rows[0]?.id ?? -1)
    })
  }

  /** Removes a publication and its log. If it ends in between nothing is published any more, and the next one completes it.
   * @param onlyIf it is so */
  withdraw(id: string, wait: LockWait, onlyIf: (found: StoredPublication) => boolean = () => true): Promise<void> {
    const { store, locks } = this.parts
    return locks.withPublication(id, wait, async () => {
      const found = await findPublication(store.ask, id)
      if (!found || !onlyIf(found)) return
      await noteWithdrawing(store.ask, id, beingWithdrawn)
      await new DeltaLog(await this.parts.place(), found.folder).remove()
      await deletePublication(store.ask, id)
    })
  }

  /** @returns nothing if the log had a version already that was not noted: it is now, and there may be more */
  private async publishNext(publication: StoredPublication, signal: AbortSignal): Promise<Published | undefined> {
    const { store } = this.parts
    const { id, leaveOut } = publication
    const { table, changes, files } = await this.readChanges(publication)
    const name = { schema: table.schema, table: table.name }
    const before = publication.version === null ? -1 : Number(publication.version)
    const names = nameColumns(publication.names, table.columns, table.formerNames)
    const published = withoutColumns(table.columns, leaveOut)
    const schema = schemaString(published, names)
    const log = new DeltaLog(await this.parts.place(), publication.folder)
    const version = before + 1
    const isAsBefore = schema === publication.columns
    if (isAsBefore && changes.added.length + changes.removed.length === 0) {
      // Written by one that ended before it could note it, and undone in the lake since: readers have it all the same.
      if (await log.has(version)) {
        await this.adopt(publication, log, version, table)
        return undefined
      }
      await noteSnapshot(store.ask, id, table.snapshot.id, name)
      return { version: before, snapshotId: table.snapshot.id, changed: false, addedFiles: 0, removedFiles: 0, bytes: 0 }
    }
    const timeMs = Math.max(Date.parse(table.snapshot.time), Number(publication.timeMs ?? 0) + 1)
    const deletions = await this.readDeletions(files, signal)
    const added = files.map(file => ({ file, add: addedFile(file, published, names, timeMs, deletions.get(file.deletePath)) }))
    const deletionVectors = publication.deletionVectors || added.some(({ add }) => add.deletionVector !== undefined)
    const removed = (await readAdded(store.ask, id, changes.removed)).map(parseAction)
    signal.throwIfAborted()
    // Before anything is called so, whatever becomes of this version.
    await noteNames(store.ask, id, names)
    const actions = versionActions({
      publication: id,
      table,
      schemaString: schema,
      deletionVectors,
      before:
        publication.columns === null ? undefined : { schemaString: publication.columns, deletionVectors: publication.deletionVectors },
      timeMs,
      added: added.map(({ add }) => add),
      removed,
    })
    const { written, bytes } = await log.write(version, actions)
    if (!written) {
      await this.adopt(publication, log, version, table)
      return undefined
    }
    const stored: StoredVersion = {
      version,
      snapshotId: table.snapshot.id,
      timeMs,
      columns: schema,
      metadata: metadataOf(actions),
      deletionVectors,
      name,
      added: added.map(({ file: { dataFileId, deleteFileId }, add }) => ({ dataFileId, deleteFileId, added: JSON.stringify(add) })),
      removed: changes.removed,
    }
    await store.transaction(ask => storeVersion(ask, id, stored))
    if (version > 0 && version % this.parts.checkpointEvery() === 0)
      await makeCheckpoint(this.parts, log, id).catch((error: unknown) => this.parts.checkpointFailed(error))
    return { version, snapshotId: table.snapshot.id, changed: true, addedFiles: added.length, removedFiles: removed.length, bytes }
  }

  /** What a publisher wrote that ended before it could note it. */
  private async adopt(publication: StoredPublication, log: DeltaLog, version: number, table: TableState): Promise<void> {
    const found = await log.read(version, publication.id)
    if (!(await this.inCatalog(catalog => isOfThisLake(catalog, table, found)))) throw ofAnotherHistory(found.snapshotId, table)
    const name = { schema: table.schema, table: table.name }
    await this.parts.store.transaction(ask =>
      storeVersion(ask, publication.id, { ...found, name, columns: found.columns ?? publication.columns ?? '' }),
    )
  }

  private readChanges(publication: StoredPublication) {
    return this.inCatalog(async catalog => {
      const table = await readTable(catalog, publication.tableId)
      if (publication.snapshotId !== null && BigInt(publication.snapshotId) > BigInt(table.snapshot.id))
        throw ofAnotherHistory(publication.snapshotId, table)
      const { ask } = this.parts.store
      const before = await listLiveFiles(ask, publication.id)
      const [any] = before
      if (any) {
        const [added = ''] = await readAdded(ask, publication.id, [any.dataFileId])
        await assertSamePlace(catalog, table, any.dataFileId, parseAction(added))
      }
      const changes = compareFiles(before, table.files)
      return { table, changes, files: await readFiles(catalog, table, changes.added) }
    })
  }

  /** One state of the catalog. */
  private async inCatalog<Result>(work: (catalog: ClientBase) => Promise<Result>): Promise<Result> {
    try {
      return await withPostgres(this.parts.catalog, async client => {
        await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
        return await work(client)
      })
    } catch (error) {
      if (error instanceof ServiceError || (error instanceof DatabaseError && !unavailable.test(error.code ?? ''))) throw error
      throw new ServiceError('catalogUnavailable', 'The catalog does not answer: try again in a second.')
    }
  }

  private async readDeletions(files: readonly LakeFile[], signal: AbortSignal) {
    const paths = files.flatMap(({ deletePath }) => (deletePath === null ? [] : [deletePath]))
    if (paths.length === 0) return new Map<string | null, never>()
    const report = await this.parts.readDeletions({ paths }, signal)
    return new Map<string | null, (typeof report.files)[number] | undefined>(paths.map((path, index) => [path, report.files[index]]))
  }
}

/** The metaData among a version's actions, as text. */
function metadataOf(actions: readonly object[]): string | undefined {
  const found = actions.find(action => 'metaData' in action)
  return found && 'metaData' in found ? JSON.stringify(found.metaData) : undefined
}
