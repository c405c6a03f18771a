import type { DuckDBConnection } from '@duckdb/node-api'
import type { RejectedRow } from '../../errors.ts'
import type { Column } from '../messages.ts'
import type { CsvDialect } from './csv-dialect.ts'

export const sourceFormats = ['csv', 'ndjson', 'json', 'parquet', 'arrow'] as const
export type SourceFormat = (typeof sourceFormats)[number]

/** Columns that a file may have: reading more takes hundreds of megabytes for each thread. */
export const maxColumns = 1_600

/** Bytes of one line of CSV, without line breaks in quotes, and of one JSON value: what DuckDB's readers take. */
export const maxCsvLineBytes = 2_000_000
export const maxJsonBytes = 16_777_216

/** Letters of a value that an error shows. */
export const shownLength = 200

/** Files that rows are to be read from. Several of them only as NDJSON: the bodies of appends that are written in one commit. */
export interface Source {
  readonly format: SourceFormat
  readonly paths: readonly string[]
  readonly csv?: CsvOptions
}

/** What of a CSV file's dialect the caller says; the rest is found out. */
export interface CsvOptions {
  readonly delimiter?: string
  readonly quote?: string
  readonly escape?: string
  /** true if it is missing: columns are found by their names. */
  readonly header?: boolean
  /** What stands for NULL; an empty field if it is missing. */
  readonly nullText?: string
}

/** A column that rows are written to. */
export interface TargetColumn extends Column {
  /** A row without a value for it cannot be written. */
  readonly required?: boolean
  /** It may not hold a NULL, whether it has a default or not. */
  readonly notNull?: boolean
}

export interface Rejects {
  /** Rows of the file, rejected ones too. Whoever writes the others must have written the rest, else rows were lost. */
  readonly total: number
  /** Rejected rows. */
  readonly count: number
  /** Why, of the first of them: one row may have several reasons. */
  readonly first: readonly RejectedRow[]
}

/** A source that has been looked at. Its SQL is for the connection that opened it. */
export interface OpenSource {
  /** Its columns by the names that it has, with the types that its values look like. */
  readonly columns: readonly Column[]
  /** Objects in each of several files. */
  readonly rowsOf?: ReadonlyMap<string, number>
  /** How a CSV file is written. */
  readonly dialect?: CsvDialect
  /** A query for all rows with the target's names and types; a value that does not fit is an error. Columns that the source lacks are left
   * out. @throws ServiceError dataInvalid if columns do not match */
  strictSql(target: readonly TargetColumn[]): string
  /** The same for the rows that are not rejected. */
  acceptedSql(target: readonly TargetColumn[]): string
  /** Reads the whole source once or twice. @throws ServiceError dataInvalid if it cannot be read as a whole */
  findRejects(target: readonly TargetColumn[], keep: number): Promise<Rejects>
  /** Removes what lies in the engine for it. */
  close(): Promise<void>
}

/** What the types of columns are found in: the first 20,000 rows, or all; in nothing where the target's types are all that is wanted. */
export type Inference = 'nothing' | 'sample' | 'whole'

/** Looks at a source. */
export type Opener = (connection: DuckDBConnection, source: Source, inference: Inference) => Promise<OpenSource>
