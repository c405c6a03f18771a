import { metadataDatabase as meta } from '../catalog/metadata-database.ts'
import { quote, quoteName } from '../catalog/quote.ts'
import type { TableName } from '../catalog/table-name.ts'
import type { Column } from '../engine/messages.ts'
import { ServiceError } from '../errors.ts'
import type { Row } from './read-rows.ts'

/** A table as it was in one version of the lake. */
export interface TableVersion extends TableName {
  readonly version: string
  /** Of the catalog: it stays when the table is renamed, and changes when it is made anew. */
  readonly id: string
  readonly columns: readonly VersionColumn[]
}

export interface VersionColumn extends Column {
  /** Of the catalog: it stays when the column is renamed. */
  readonly id: string
}

/** As it is told: its id is the catalog's. */
export function plainColumn({ name, type }: VersionColumn): Column {
  return { name, type }
}

export type Ask = (sql: string) => Promise<readonly Row[]>

/** The table of a name in two versions; undefined where there was none. A table that has the name in one of them only is looked for under
 * its id in the other. @throws ServiceError snapshotNotFound */
export async function readVersions(ask: Ask, table: TableName, from: string, to: string): Promise<(TableVersion | undefined)[]> {
  const known = new Set((await ask(`SELECT snapshot_id FROM lake.snapshots() WHERE snapshot_id IN (${from}, ${to})`)).map(String))
  for (const version of [from, to])
    if (!known.has(version)) throw new ServiceError('snapshotNotFound', `The lake has no snapshot ${version}, or none any more.`)
  const [earlier, later] = [await readVersion(ask, from, named(table)), await readVersion(ask, to, named(table))]
  if (earlier && !later) return [earlier, await readVersion(ask, to, `t.table_id = ${earlier.id}`)]
  if (later && !earlier) return [await readVersion(ask, from, `t.table_id = ${later.id}`), later]
  return [earlier, later]
}

function named({ schema, name }: TableName): string {
  return `lower(s.schema_name) = lower(${quote(schema)}) AND lower(t.table_name) = lower(${quote(name)})`
}

async function readVersion(ask: Ask, version: string, which: string): Promise<TableVersion | undefined> {
  const then = (each: string) =>
    `${each}.begin_snapshot <= ${version} AND (${each}.end_snapshot IS NULL OR ${each}.end_snapshot > ${version})`
  const [found] = await ask(`
    SELECT t.table_id, s.schema_name, t.table_name
    FROM ${meta}.ducklake_table AS t JOIN ${meta}.ducklake_schema AS s USING (schema_id)
    WHERE ${then('t')} AND ${then('s')} AND ${which}`)
  if (!found) return undefined
  const [id = '', schema = '', name = ''] = found.map(String)
  const table = { schema, name }
  const ids = await ask(`
    SELECT column_name, column_id FROM ${meta}.ducklake_column AS c
    WHERE table_id = ${id} AND parent_column IS NULL AND ${then('c')}`)
  const idOf = new Map(ids.map(([column, of]) => [String(column), String(of)]))
  const described = await ask(`DESCRIBE FROM ${atVersion(table, version)}`)
  const columns = described.map(([column, type]) => ({ name: String(column), type: String(type), id: idOf.get(String(column)) ?? '' }))
  return { ...table, version, id, columns }
}

/** As it stands behind FROM. */
export function atVersion({ schema, name }: TableName, version: string): string {
  return `lake.${quoteName(schema)}.${quoteName(name)} AT (VERSION => ${version})`
}
