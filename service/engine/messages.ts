import type { Grants } from '../access/grants.ts'
import type { EngineClass, LakeConnection } from '../catalog/lake-connection.ts'
import type { TableName } from '../catalog/table-name.ts'
import type { EngineLimits } from '../config.ts'
import type { ErrorCode, SqlPlace } from '../errors.ts'
import type { StreamFormat } from '../results/formats.ts'
import type { ReportOf, Work, WorkName } from './works.ts'

/** Which state of the lake a statement reads, if not the newest. */
export type AsOf = { readonly version: string } | { readonly timestamp: string }

/** A value for a parameter: as JSON has it, or with the DuckDB type that its text is to be read as. */
export type ParameterValue = string | number | boolean | null | { readonly type: string; readonly value: string | number | boolean | null }
export type Parameters = readonly ParameterValue[] | { readonly [name: string]: ParameterValue }

export interface StatementText {
  readonly sql: string
  readonly params?: Parameters
  readonly asOf?: AsOf
  /** Tables that it may read. A statement of the service itself has none and does not pass the gate. */
  readonly grants?: Grants | 'trusted'
  /** The head shall say which tables it reads. */
  readonly tellTables?: boolean
  /** Not its rows are told, but its plan. */
  readonly explained?: boolean
}

/** Where the rows go: into the answer, into the engine's pipe, or into a file that answers are made of later. Of a plan there are none.
 * `ordered`: rows keep the order in which they are read, even without ORDER BY. */
export type Output =
  | { readonly kind: 'json'; readonly maxRows: number }
  | { readonly kind: 'stream'; readonly format: StreamFormat; readonly ordered?: true }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'plan'; readonly analyze: boolean }

/** What an engine is told. It runs one statement at a time; `interrupt` ends that one and no other. */
export type EngineRequest =
  /** Before it is known which lake it will have. */
  | { readonly kind: 'open'; readonly extensionDir: string }
  | {
      readonly kind: 'attach'
      readonly lake: LakeConnection
      readonly limits: EngineLimits
      readonly spillDir: string
      readonly pipe: string
      /** What its connections are called in PostgreSQL. */
      readonly session: string
      readonly engineClass: EngineClass
      readonly folders: readonly string[]
    }
  | { readonly kind: 'run'; readonly id: number; readonly statement: StatementText; readonly output: Output }
  | { readonly kind: 'work'; readonly id: number; readonly work: Work }
  | { readonly kind: 'ping'; readonly id: number }
  | { readonly kind: 'interrupt'; readonly id: number }

export interface Column {
  readonly name: string
  readonly type: string
}

/** Known before the first row. */
export interface ResultHead {
  readonly columns: readonly Column[]
  /** The version of the lake that was read; missing if the statement read no table. */
  readonly snapshotId?: string
  /** The tables and views that the statement names, if it was asked to tell. */
  readonly tables?: readonly TableName[]
}

/** Known after the last row. */
export interface ResultEnd {
  readonly rowCount: number
  readonly truncated: boolean
}

/** `rows` is a JSON array as text. */
export interface InlineResult {
  readonly head: ResultHead
  readonly rows: string
}

/** What it answers. Rows are bytes already when they get here: whoever passes them on converts nothing. */
export type EngineAnswer =
  | { readonly kind: 'ready' }
  | ({ readonly kind: 'broken' } & EngineFailure)
  /** The rows follow in the pipe. */
  | { readonly kind: 'head'; readonly id: number; readonly head: ResultHead }
  | { readonly kind: 'progress'; readonly id: number; readonly percent: number; readonly rows: number }
  /** `inline`: the whole result, where it is short enough for a message: then neither head nor pipe came before. Of a file, its head. */
  | ({ readonly kind: 'end'; readonly id: number; readonly end: ResultEnd; readonly inline?: InlineResult } & EngineMemory)
  | ({ readonly kind: 'report'; readonly id: number; readonly report: ReportOf<WorkName> } & EngineMemory)
  | ({ readonly kind: 'error'; readonly id: number; readonly rssMb: number } & EngineFailure)

/** `full`: the allocator keeps so much that the next statement may lack it. */
interface EngineMemory {
  readonly rssMb: number
  readonly full: boolean
}

/** `unusable`: the engine must not get another statement. */
export type EngineFailure = { readonly code: ErrorCode; readonly detail: string; readonly unusable?: boolean } & SqlPlace
