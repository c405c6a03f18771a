import type { CatalogLogin } from '../catalog/lake-connection.ts'
import type { TableName } from '../catalog/table-name.ts'
import type { WriteKind } from '../engine/write-gate/write-statement.ts'
import type { WriteMode } from '../engine/writes/load-order.ts'
import type { EnginePool } from '../engine-pool/engine-pool.ts'
import { type ErrorCode, ServiceError } from '../errors.ts'
import type { Lineage } from '../lineage/lineage.ts'
import { AppendGroups, type GroupAnswer } from './append-groups.ts'
import { settleWrite } from './settle-write.ts'
import type { TableLocks } from './table-lock.ts'
import type { WriteAnswer, WriteRequest } from './write-request.ts'

/** An append of more bytes goes by itself: others should not wait for it. */
const groupedBytes = 1_048_576

/** What is told to whoever counts. */
export interface WriteObserver {
  ended(mode: WriteMode | WriteKind, outcome: 'ok' | ErrorCode): void
  grouped(members: number): void
  retried(reason: ErrorCode): void
}

/** Rows on their way into tables: small appends in groups, all else each in a commit of its own. */
export class Writes {
  private readonly groups = new AppendGroups((table, members) => this.appendGroup(table, members))

  constructor(
    private readonly engines: EnginePool,
    private readonly locks: TableLocks,
    /** As a role that may read the catalog. */
    private readonly catalog: CatalogLogin,
    private readonly lineage: Lineage,
    private readonly observer: WriteObserver,
  ) {}

  /** Resolves when the rows are in the lake. @throws ServiceError; the lake is as before then, unless its code is outcomeUnknown */
  async write(request: WriteRequest): Promise<WriteAnswer> {
    if (request.dryRun) return this.load(request, request.signal)
    const { table, mode, note, source, inputs = [], parent } = request
    const run = this.lineage.begin({
      job: { kind: mode },
      inputs,
      outputs: [{ schema: table.schema, table: table.name }],
      requestId: note.request,
      keyId: note.by,
      writeId: note.id,
      parent,
    })
    try {
      const { rows: _, ...answer } = await this.commit(request)
      const { snapshotId, rowCount, columns } = answer
      const output = { schema: table.schema, table: table.name, ...(columns && { columns }) }
      run.complete({ outputs: [output], snapshotId: snapshotId ?? undefined, rowCount, bytes: source.bytes })
      this.observer.ended(mode, 'ok')
      return answer
    } catch (error) {
      run.fail(error)
      this.observer.ended(mode, error instanceof ServiceError ? error.code : 'internal')
      throw error
    }
  }

  private async commit(request: WriteRequest): Promise<WriteAnswer> {
    const { table, mode, source, queue, maxRejects = 0, timeoutMs, signal } = request
    const isSmall = source.bytes <= groupedBytes && source.format !== 'parquet'
    if (mode === 'append' && isSmall && !queue && maxRejects === 0) return this.groups.append(request)
    const lock = mode === 'append' ? 'shared' : 'exclusive'
    return this.locks.withTable(table, lock, { timeoutMs, ...(signal && { signal }) }, held => {
      // From here on the lock ends with the same connection as the claim.
      request.claim?.throwIfAborted()
      return this.load(request, held)
    })
  }

  private load(request: WriteRequest, signal: AbortSignal | undefined): Promise<WriteAnswer> {
    const { table, mode, source, columns, key, maxRejects = 0, register, dryRun = false, note, queue, owner, timeoutMs, begun } = request
    const order = {
      ...{ table, mode, source, maxRejects, dryRun, author: note.by, note },
      ...(columns && { columns }),
      ...(key && { key }),
      ...(register && { register }),
      ...(queue && { queue }),
    }
    return settleWrite<WriteAnswer>({
      catalog: this.catalog,
      ids: [note.id],
      // Under the table's lock only a program beside the service can have been in its way.
      alsoMendable: ['writeConflict'],
      attempt: async () => {
        const report = await this.engines.perform({ name: 'load', order }, { timeoutMs, begun, ...(signal && { signal }) }, owner)
        return { ...report, snapshotId: report.snapshotId ?? null }
      },
      recovered: found => found.get(note.id) ?? { snapshotId: null, rowCount: 0 },
      retried: reason => this.observer.retried(reason),
    })
  }

  private async appendGroup(table: TableName, members: readonly WriteRequest[]): Promise<GroupAnswer> {
    this.observer.grouped(members.length)
    const timeoutMs = Math.max(...members.map(member => member.timeoutMs))
    const authors = [...new Set(members.map(({ note }) => note.by))]
    const order = {
      table,
      author: authors.length === 1 ? (authors[0] ?? serviceAuthor) : serviceAuthor,
      members: members.map(({ note, source }) => ({ note, source })),
    }
    // One table has one group at a time: none is kept from an engine by its own.
    const owner = { id: `appends to ${table.schema}.${table.name}`, limits: {} }
    const begun = (engine: string) => {
      for (const member of members) member.begun?.(engine)
    }
    return this.locks.withTable(table, 'shared', { timeoutMs }, signal => {
      for (const { claim } of members) claim?.throwIfAborted()
      return settleWrite<GroupAnswer>({
        catalog: this.catalog,
        ids: members.map(({ note }) => note.id),
        attempt: async () => {
          const { snapshotId = null, members: reports } = await this.engines.perform(
            { name: 'append', order },
            { timeoutMs, signal, short: true, begun },
            owner,
          )
          return reports.map(report =>
            'error' in report
              ? { error: new ServiceError(report.error.code, report.error.detail, report.error) }
              : { snapshotId, rowCount: report.rowCount },
          )
        },
        recovered: found => members.map(({ note }) => found.get(note.id) ?? { error: lostMember }),
        retried: reason => this.observer.retried(reason),
      })
    })
  }
}

/** Who commits for several keys at once. */
const serviceAuthor = 'ducklake-platform'

const lostMember = new ServiceError('engineLost', 'The engine ended before it could say what is wrong with these rows: send them again.')
