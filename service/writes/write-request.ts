import type { TableName } from '../catalog/table-name.ts'
import type { Rejects, Source } from '../engine/ingest/source.ts'
import type { Column } from '../engine/messages.ts'
import type { Registration, WriteMode } from '../engine/writes/load-order.ts'
import type { QueueNote, WriteNote } from '../engine/writes/write-note.ts'
import type { Owner } from '../engine-pool/pool-limits.ts'
import type { ParentRun, RunInput } from '../lineage/lineage-run.ts'

/** Rows that shall go into a table. */
export interface WriteRequest {
  readonly table: TableName
  readonly mode: WriteMode
  readonly source: Source & { readonly bytes: number }
  /** What a table that is made gets; inferred from the rows where it is missing. */
  readonly columns?: readonly Column[]
  readonly key?: readonly string[]
  /** Rows that may be left out because they do not fit; none if it is missing. */
  readonly maxRejects?: number
  /** Parquet that fits becomes a file of the table as it is. */
  readonly register?: Registration
  readonly dryRun?: boolean
  readonly note: WriteNote
  /** Messages that come with the rows. */
  readonly queue?: QueueNote
  /** What the rows come from, where that is known. */
  readonly inputs?: readonly RunInput[]
  /** The run of somebody else that sends them. */
  readonly parent?: ParentRun | undefined
  readonly owner: Owner
  readonly timeoutMs: number
  readonly signal?: AbortSignal
  /** Is told which engine works on it. */
  readonly begun?: (engine: string) => void
  /** Once it is aborted another process may be doing the same write. */
  readonly claim?: AbortSignal
}

/** What became of them. */
export interface WriteAnswer {
  /** null: nothing was committed. */
  readonly snapshotId: string | null
  readonly rowCount: number
  /** The table's, where the write came to know them. */
  readonly columns?: readonly Column[]
  /** Rows that were left out. */
  readonly rejects?: Rejects
  /** Of Parquet: whether the file became one of the table as it is, and why not. */
  readonly registered?: boolean
  readonly rewrittenBecause?: string
  /** The first rows, of a dry run. */
  readonly rows?: readonly (readonly unknown[])[]
}
