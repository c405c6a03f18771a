import type { DuckDBConnection } from '@duckdb/node-api'
import { quote } from '../catalog/quote.ts'
import { ServiceError } from '../errors.ts'
import { type Inspection, inspectStatement } from './inspect-statement.ts'
import { serialize, statementOf } from './statement-tree.ts'

/** Which snapshot a statement reads: by its number, or the newest one at a time. */
export type AsOf = { readonly version: bigint } | { readonly timestamp: string }

const isoTime = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?))?(Z|[+-]\d{2}:\d{2})?$/

/** As SQL. A time without a zone is UTC. @throws ServiceError if it is neither a snapshot's number nor a time. */
export function atClause(asOf: AsOf): string {
  if ('version' in asOf) {
    if (asOf.version < 0n || asOf.version >= 2n ** 63n) {
      throw new ServiceError('invalidRequest', `asOf.version is ${asOf.version}: use the number of a snapshot.`)
    }
    return `AT (VERSION => ${asOf.version})`
  }
  const [, date = '', clock = '00:00:00', zone = 'Z'] = isoTime.exec(asOf.timestamp) ?? []
  const day = Date.parse(date)
  // JavaScript takes the 31st of February for the 3rd of March.
  if (Number.isNaN(Date.parse(`${date}T${clock}${zone}`)) || new Date(day).toISOString().slice(0, 10) !== date) {
    throw new ServiceError('invalidRequest', `asOf.timestamp is "${asOf.timestamp}": write it as 2026-06-01T06:00:00Z.`)
  }
  return `AT (TIMESTAMP => ${quote(`${date} ${clock.length === 5 ? `${clock}:00` : clock}${zone}`)})`
}

/** Text that we put into a statement; `at` counts UTF-16 code units of the text before. */
export interface Insertion {
  readonly at: number
  readonly text: string
}

/** Each can be matched in one way only: what has two ways takes for ever on a text made for it. */
const comment = String.raw`--[^\n]*(?:\n|$)|/\*(?:[^*]|\*(?!/))*\*/`
const part = String.raw`(?:"(?:[^"]|"")*"|[A-Za-z_\u0080-\u{10ffff}][\w$\u0080-\u{10ffff}]*)`
const gap = String.raw`(?:\s|${comment})*`
const tableName = new RegExp(String.raw`${part}(?:${gap}\.${gap}${part})*`, 'uy')
const tableAlias = new RegExp(String.raw`${gap}(?:AS\b${gap})?(${part})(?:${gap}\((?:"(?:[^"]|"")*"|[^()"])*\))?`, 'iuy')

/** Puts an AT clause, as of `atClause`, behind every table of a statement that has none of its own. Into the caller's text: SQL that DuckDB makes from
 * a changed tree would lose the place of every error. Where a table's name ends we only guess; then the changed text is parsed, and
 * must give the same tree but for the new clauses.
 * @throws ServiceError if the statement cannot be changed like that. */
export async function insertAsOf(
  duckdb: DuckDBConnection,
  sql: string,
  inspection: Inspection,
  clause: string,
): Promise<readonly Insertion[]> {
  const bytes = Buffer.from(sql)
  const insertions = inspection.tables
    .filter(table => !table.at)
    .flatMap(({ location, alias, described }) => {
      const start = bytes.subarray(0, location).toString().length
      // The grammar takes an AT clause behind FROM only.
      return [...(described ? [{ at: start, text: 'FROM ' }] : []), { at: endOfTable(sql, start, alias), text: ` ${clause}` }]
    })
    .sort((a, b) => a.at - b.at)
  if (insertions.length > 0) await assertOnly(duckdb, { before: sql, after: insert(sql, insertions), clause })
  return insertions
}

/** Where the table's name ends, and its alias with it: the AT clause stands behind that. */
function endOfTable(sql: string, start: number, alias: string): number {
  tableName.lastIndex = start
  const end = start + (tableName.exec(sql)?.[0].length ?? 0)
  if (alias === '') return end
  tableAlias.lastIndex = end
  const [whole = '', name = ''] = tableAlias.exec(sql) ?? []
  const unquoted = name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name
  // `FROM r: rides` has it before the name.
  return unquoted === alias ? end + whole.length : end
}

export function insert(sql: string, insertions: readonly Insertion[]): string {
  let text = ''
  let from = 0
  for (const insertion of insertions) {
    text += sql.slice(from, insertion.at) + insertion.text
    from = insertion.at
  }
  return text + sql.slice(from)
}

/** Where a place of the changed text was in the text before. */
export function placeBefore(insertions: readonly Insertion[], place: number): number {
  let grown = 0
  for (const { at, text } of insertions) {
    if (place < at + grown) break
    if (place < at + grown + text.length) return at
    grown += text.length
  }
  return place - grown
}

async function assertOnly(
  duckdb: DuckDBConnection,
  { before, after, clause }: { readonly before: string; readonly after: string; readonly clause: string },
): Promise<void> {
  const [wanted, got, example] = await Promise.all([before, after, `FROM t ${clause}`].map(sql => serialize(duckdb, sql)))
  const field = /"at_clause":\{.*?\}(?=\},"where_clause")/.exec(withoutPlaces(example ?? ''))?.[0]
  if (field === undefined) throw new Error('the tree of an AT clause looks different')
  const withoutClause = (tree = '') => withoutPlaces(tree).replaceAll(field, '"at_clause":null')
  const same = withoutClause(wanted) === withoutClause(got)
  if (!same || inspectStatement(statementOf(got ?? '', after)).tables.some(table => !table.at)) {
    throw new ServiceError(
      'statementRefused',
      `asOf cannot be put into this statement: write ${clause} behind each table, and FROM t instead of t behind DESCRIBE and SUMMARIZE.`,
    )
  }
}

/** In a text of JSON a quote inside of a value has a backslash: this finds fields only. */
function withoutPlaces(tree: string): string {
  return tree.replaceAll(/"query_location":\d+/g, '"query_location":0')
}
