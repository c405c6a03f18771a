import { quote, quoteName } from '../catalog/quote.ts'
import type { Column } from '../engine/messages.ts'
import { type Ask, atVersion, plainColumn, type TableVersion } from './table-versions.ts'

/** What became of the rows of a table between two versions, whatever happened to them on the way. */
export interface RowDiff {
  /** rowid: the catalog knows each row. values: the table was made anew, and rows are the same if all their values are. */
  readonly comparedBy: 'rowid' | 'values'
  /** Of `before` and `after`. */
  readonly columns: readonly Column[]
  readonly inserted: string
  readonly deleted: string
  readonly updated: string
  /** The first of them. */
  readonly rows: readonly { readonly before: readonly unknown[] | null; readonly after: readonly unknown[] | null }[]
}

/** @param ask runs a statement of the service itself. @param limit of rows that are told */
export async function diffRows(ask: Ask, from: TableVersion | undefined, to: TableVersion | undefined, limit: number): Promise<RowDiff> {
  const known = from && to && from.id === to.id
  const columns = to?.columns ?? from?.columns ?? []
  if (known && from.version === to.version)
    return { comparedBy: 'rowid', columns: columns.map(plainColumn), inserted: '0', deleted: '0', updated: '0', rows: [] }
  const aliases = columns.map((_, index) => `c${index}`)
  const values = `struct_pack(${aliases.map(each => `${each} := ${each}`).join(', ')})`
  const net = known ? changesOfRows(to, from, aliases, values) : changesOfValues(from, to, columns, aliases, values)
  const found = await ask(`
    WITH net AS MATERIALIZED (${net}), counts AS (
      SELECT count(*) FILTER (WHERE before IS NULL) AS inserted, count(*) FILTER (WHERE after IS NULL) AS deleted, count(*) AS all_of
      FROM net
    ), first_of AS (FROM net ORDER BY place LIMIT ${limit})
    SELECT inserted, deleted, all_of - inserted - deleted, before, after FROM counts LEFT JOIN first_of ON true`)
  const [inserted, deleted, updated] = (found[0] ?? ['0', '0', '0']).map(String)
  const rows = found.map(each => ({ before: valuesOf(each[3]), after: valuesOf(each[4]) }))
  return {
    comparedBy: known ? 'rowid' : 'values',
    columns: columns.map(plainColumn),
    inserted: inserted ?? '0',
    deleted: deleted ?? '0',
    updated: updated ?? '0',
    rows: rows.filter(({ before, after }) => before ?? after),
  }
}

/** Out of all changes, the first and the last of each row: one that came and went again is none, and one that was written anew by
 * maintenance has the values that it had. Columns go by their place, because a table may have one that is called like those of the changes. */
function changesOfRows(to: TableVersion, from: TableVersion, aliases: readonly string[], values: string): string {
  return `
    SELECT if(had, first_values, NULL) AS before, if(has, last_values, NULL) AS after, row_number() OVER (ORDER BY nr) AS place
    FROM (
      SELECT nr, arg_min(kind, place) IN ('delete', 'update_preimage') AS had, arg_max(kind, place) IN ('insert', 'update_postimage') AS has,
        arg_min(whole, place) AS first_values, arg_max(whole, place) AS last_values
      FROM (
        SELECT nr, kind, version * 2 + (kind IN ('insert', 'update_postimage'))::INT AS place, ${values} AS whole
        FROM ducklake_table_changes('lake', ${quote(to.schema)}, ${quote(to.name)}, ${BigInt(from.version) + 1n}, ${to.version})
          AS changes(version, nr, kind, ${aliases.join(', ')})
      ) GROUP BY nr
    ) WHERE (had OR has) AND NOT (had AND has AND first_values IS NOT DISTINCT FROM last_values)`
}

/** By the columns that both have; others count as NULL in both. */
function changesOfValues(
  from: TableVersion | undefined,
  to: TableVersion | undefined,
  columns: readonly Column[],
  aliases: readonly string[],
  values: string,
): string {
  const rowsOf = (version: TableVersion | undefined) => {
    const each = columns.map(({ name, type }, index) =>
      version && has(from, name) && has(to, name) ? `TRY_CAST(${quoteName(name)} AS ${type}) AS c${index}` : `NULL::${type} AS c${index}`,
    )
    return `SELECT ${each.join(', ')} ${version ? `FROM ${atVersion(version, version.version)}` : 'WHERE false'}`
  }
  return `
    SELECT if(side = 0, whole, NULL) AS before, if(side = 1, whole, NULL) AS after, row_number() OVER () AS place
    FROM (
      SELECT 0 AS side, ${values} AS whole FROM (${rowsOf(from)} EXCEPT ALL ${rowsOf(to)}) AS gone(${aliases.join(', ')})
      UNION ALL
      SELECT 1, ${values} FROM (${rowsOf(to)} EXCEPT ALL ${rowsOf(from)}) AS come(${aliases.join(', ')})
    )`
}

/** Whether a column is no reason to tell rows apart: it is there, or there is no table. */
function has(version: TableVersion | undefined, column: string): boolean {
  return version === undefined || version.columns.some(({ name }) => name.toLowerCase() === column.toLowerCase())
}

/** Structs come as objects, their fields in order. */
function valuesOf(whole: unknown): readonly unknown[] | null {
  return typeof whole === 'object' && whole !== null ? Object.values(whole) : null
}
