import { askJson } from './ask.ts'

export interface TableEntry {
  readonly schema: string
  readonly name: string
  readonly kind: 'table' | 'view'
  readonly rowCount: string | null
  readonly fileCount: number | null
  readonly bytes: string | null
  /** Rows that lie in the files and do not count any more. */
  readonly deletedRowCount: string | null
}

export interface ColumnEntry {
  readonly name: string
  readonly type: string
  readonly nullable: boolean
  readonly default: string | null
}

export interface Caller {
  readonly id: string
  readonly scopes: readonly string[]
}

export function listTables(): Promise<{ readonly snapshotId: string; readonly tables: readonly TableEntry[] }> {
  return askJson('/v1/tables')
}

export function describeTable(schema: string, name: string): Promise<TableEntry & { readonly columns: readonly ColumnEntry[] }> {
  return askJson(`/v1/tables/${encodeURIComponent(schema)}/${encodeURIComponent(name)}`)
}

/** Whose key it is. @throws ProblemError if it is none */
export function whoAmI(presented?: string): Promise<Caller> {
  return askJson('/v1/me', { ...(presented !== undefined && { key: presented }) })
}
