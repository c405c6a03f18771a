import type { TableName } from '../../catalog/table-name.ts'
import type { FooterTrust } from '../ingest/parquet-fit.ts'
import type { Rejects, Source } from '../ingest/source.ts'
import type { Column } from '../messages.ts'
import type { CommitInfo } from './commit-write.ts'
import type { QueueNote, WriteNote } from './write-note.ts'

/** What becomes of the rows that a table has: it keeps them, there must be no such table, they go, or those with the same key go. */
export const writeModes = ['append', 'create', 'replace', 'upsert'] as const
export type WriteMode = (typeof writeModes)[number]

/** One file that goes into a table, in a commit of its own. */
export interface LoadOrder {
  readonly table: TableName
  readonly mode: WriteMode
  readonly source: Source
  /** What a table that is made gets; inferred from the rows where it is missing. */
  readonly columns?: readonly Column[]
  /** By which columns rows are the same, for `upsert`. */
  readonly key?: readonly string[]
  /** Rows that may be left out because they do not fit; with one more nothing is written. */
  readonly maxRejects: number
  /** Parquet that fits becomes a file of the table as it is. */
  readonly register?: Registration
  /** Nothing is committed. */
  readonly dryRun: boolean
  readonly author: string
  readonly note: WriteNote
  readonly queue?: QueueNote
}

export interface Registration {
  readonly trust: FooterTrust
  /** Smaller files are written anew. */
  readonly minBytes: number
}

export interface LoadReport {
  /** Missing after a dry run. */
  readonly snapshotId?: string
  readonly rowCount: number
  /** The table's, as it is then. */
  readonly columns: readonly Column[]
  /** Rows that were left out. */
  readonly rejects?: Rejects
  /** Whether the file became one of the table as it is, where that was asked for; and if not, why not. */
  readonly registered?: boolean
  readonly rewrittenBecause?: string
  /** The first rows, of a dry run. */
  readonly rows?: readonly (readonly unknown[])[]
}

export function loadInfo({ mode, table, author }: Pick<LoadOrder, 'mode' | 'table' | 'author'>): CommitInfo {
  const verb = mode === 'create' || mode === 'replace' ? mode : `${mode} to`
  return { author, message: `${verb} ${table.schema}.${table.name}`, extraInfo: '' }
}
