import type { components } from '../../client/api-types.ts'
import { askJson } from './ask.ts'

export type TableEntry = components['schemas']['TableEntry']
export type ColumnEntry = components['schemas']['TableColumn']

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
