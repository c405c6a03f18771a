import type { Grants } from '../access/grants.ts'
import type { CatalogLogin } from '../catalog/lake-connection.ts'
import type { Parameters } from '../engine/messages.ts'
import { isTable, type WriteKind, type WriteStatement } from '../engine/write-gate/write-statement.ts'
import type { WriteReport } from '../engine/writes/run-write.ts'
import type { WriteNote } from '../engine/writes/write-note.ts'
import type { EnginePool } from '../engine-pool/engine-pool.ts'
import type { Owner } from '../engine-pool/pool-limits.ts'
import { ServiceError } from '../errors.ts'
import type { Lineage } from '../lineage/lineage.ts'
import type { ParentRun } from '../lineage/lineage-run.ts'
import type { FoundWrite } from './find-write.ts'
import { settleWrite } from './settle-write.ts'
import type { TableLocks } from './table-lock.ts'
import type { WriteObserver } from './writes.ts'

/** A caller's statement that changes the lake. */
export interface StatementRequest {
  readonly sql: string
  readonly params?: Parameters
  /** The same, taken apart. */
  readonly statement: WriteStatement
  readonly grants?: Grants
  readonly note: WriteNote
  readonly parent: ParentRun | undefined
  readonly owner: Owner
  readonly timeoutMs: number
  readonly signal: AbortSignal
  /** Is told which engine works on it. */
  readonly begun?: (engine: string) => void
  /** Once it is aborted another process may be doing the same write. */
  readonly claim?: AbortSignal
}

export type StatementAnswer = Pick<WriteReport, 'snapshotId' | 'rowCount'>

const rowKinds: ReadonlySet<WriteKind> = new Set<WriteKind>(['insert', 'update', 'delete', 'merge'])

/** Statements that change the lake: each is a commit of its own, and has its target for itself meanwhile, in all processes of the service. */
export class Statements {
  constructor(
    private readonly engines: EnginePool,
    private readonly locks: TableLocks,
    /** As a role that may read the catalog. */
    private readonly catalog: CatalogLogin,
    private readonly lineage: Lineage,
    private readonly observer: Pick<WriteObserver, 'ended' | 'retried'>,
  ) {}

  /** @throws ServiceError; the lake is as before then, unless its code is outcomeUnknown */
  async run(request: StatementRequest): Promise<StatementAnswer> {
    const { sql, note, statement, parent } = request
    const { kind, target, renamedTo } = statement
    const written = [target, ...(renamedTo ? [renamedTo] : [])].filter(isTable).map(({ schema, name }) => ({ schema, table: name }))
    const run = this.lineage.begin({
      job: { kind },
      inputs: [],
      outputs: written,
      sql,
      parent,
      requestId: note.request,
      keyId: note.by,
      writeId: note.id,
    })
    try {
      const { snapshotId, rowCount, tables, columns } = await this.settle(request)
      run.complete({
        inputs: tables.map(({ schema, name }) => ({ schema, table: name })),
        outputs: written.map(output => ({ ...output, ...(Object.keys(columns).length > 0 && { columnLineage: columns }) })),
        snapshotId: snapshotId ?? undefined,
        rowCount: rowCount ?? undefined,
      })
      this.observer.ended(kind, 'ok')
      return { snapshotId, rowCount }
    } catch (error) {
      run.fail(error)
      this.observer.ended(kind, error instanceof ServiceError ? error.code : 'internal')
      throw error
    }
  }

  private settle(request: StatementRequest): Promise<WriteReport> {
    const { statement, note, timeoutMs, signal, claim } = request
    const attempts = async (held: AbortSignal) => {
      claim?.throwIfAborted()
      return settleWrite<WriteReport>({
        catalog: this.catalog,
        ids: [note.id],
        // What changes rows comes to the same as if it had been sent a moment later. What makes or drops a table does not: there is one now,
        // or none, that its sender does not know of.
        alsoMendable: rowKinds.has(statement.kind) ? ['writeConflict'] : [],
        attempt: () => this.perform(request, held),
        recovered: found => reportOf(statement, found.get(note.id)),
        retried: reason => this.observer.retried(reason),
      })
    }
    // A schema has no lock: DuckLake itself notices who makes or drops the same.
    return isTable(statement.target)
      ? this.locks.withTable(statement.target, 'exclusive', { timeoutMs, signal }, attempts)
      : attempts(signal)
  }

  private perform(
    { sql, params, statement, grants, note, timeoutMs, owner, begun }: StatementRequest,
    signal: AbortSignal,
  ): Promise<WriteReport> {
    const order = { sql, message: messageOf(statement), note, ...(params && { params }), ...(grants && { grants }) }
    return this.engines.perform({ name: 'write', order }, { timeoutMs, signal, begun }, owner)
  }
}

/** The answer of a commit whose own got lost. */
export function recoveredAnswer({ kind, fromQuery }: WriteStatement, found: FoundWrite | undefined): StatementAnswer {
  const hasRows = rowKinds.has(kind) || fromQuery === true
  return { snapshotId: found?.snapshotId ?? null, rowCount: hasRows ? (found?.rowCount ?? 0) : null }
}

function reportOf(statement: WriteStatement, found: FoundWrite | undefined): WriteReport {
  return { ...recoveredAnswer(statement, found), tables: [], columns: {} }
}

/** `createTable` becomes `create table main.rides`. */
function messageOf({ kind, target }: WriteStatement): string {
  const verb = kind.replace(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`)
  return `${verb} ${isTable(target) ? `${target.schema}.${target.name}` : target.schema}`
}
