import { sameName } from '../engine/same-name.ts'
import { isNode, type Node, text } from '../engine/statement-tree.ts'
import type { GatedWrite } from '../engine/write-gate/write-gate.ts'
import { isTable } from '../engine/write-gate/write-statement.ts'

export interface ColumnSource {
  readonly schema: string
  readonly table: string
  readonly column: string
}

/** Which columns each column was made of, by the name of the column that was written. */
export type ColumnSources = Readonly<Record<string, readonly ColumnSource[]>>

/** What a name before a dot can mean, or the only thing that a name without one can mean. */
interface Source {
  readonly alias: string
  /** Nothing where it is no table of the lake: a CTE, a subquery. */
  readonly table: Omit<ColumnSource, 'column'> | undefined
}

/** Says where the values of a statement's columns come from, as far as its trees tell it without a look at the tables: plain SELECTs over tables, and what
 * UPDATE and MERGE set. What is behind `*`, a subquery or a CTE is left out.
 * @param targetColumns the target's columns in their order, for an INSERT that names none */
export function columnSources({ statement, trees, tables }: GatedWrite, targetColumns: readonly string[] = []): ColumnSources {
  const isRead = (table: Omit<ColumnSource, 'column'>) =>
    tables.some(({ schema, name }) => sameName(schema) === sameName(table.schema) && sameName(name) === sameName(table.table))
  const found: Record<string, ColumnSource[]> = {}
  const add = (column: string, expression: unknown, sources: readonly Source[]) => {
    const refs = referencesOf(expression, sources)
    if (refs.length > 0) found[column] = [...(found[column] ?? []), ...refs]
  }

  const query = trees.find(({ part }) => part.as === 'query')?.node
  if (query?.type === 'SELECT_NODE' && Array.isArray(query.select_list)) {
    const sources = sourcesOf(query.from_table, ctesOf(query), isRead)
    const names = statement.columns ?? (statement.byName ? undefined : targetColumns)
    for (const [index, item] of query.select_list.entries()) {
      // Behind it nobody knows which column is the next.
      if (!isNode(item) || item.class === 'STAR') break
      const name = names ? names[index] : text(item.alias) || lastName(item)
      if (name !== undefined && name !== '') add(name, item, sources)
    }
  }

  const { target, alias } = statement
  if (isTable(target)) {
    const from = trees.filter(({ part }) => part.as === 'tables').flatMap(({ node }) => sourcesOf(node.from_table, ctesOf(node), isRead))
    const sources = [{ alias: alias ?? target.name, table: { schema: target.schema, table: target.name } }, ...from]
    for (const { part, node } of trees) {
      if (part.as === 'expression' && part.column !== undefined) add(part.column, node.select_list, sources)
    }
  }
  return found
}

function sourcesOf(from: unknown, ctes: ReadonlySet<string>, isRead: (table: Omit<ColumnSource, 'column'>) => boolean): readonly Source[] {
  if (!isNode(from)) return []
  if (from.type === 'JOIN') return [...sourcesOf(from.left, ctes, isRead), ...sourcesOf(from.right, ctes, isRead)]
  if (from.type === 'EMPTY') return []
  const schemaName = sameName(text(from.schema_name)) === 'lake' && text(from.catalog_name) === '' ? '' : text(from.schema_name)
  const table = { schema: schemaName || 'main', table: text(from.table_name) }
  const known = from.type === 'BASE_TABLE' && isRead(table) && !(text(from.schema_name) === '' && ctes.has(sameName(table.table)))
  return [{ alias: text(from.alias) || table.table, table: known ? table : undefined }]
}

function ctesOf(node: Node): ReadonlySet<string> {
  const entries = isNode(node.cte_map) && Array.isArray(node.cte_map.map) ? node.cte_map.map.filter(isNode) : []
  return new Set(entries.map(({ key }) => sameName(text(key))))
}

/** The columns that an expression names, each once. Not those of a subquery in it, which has tables of its own. */
function referencesOf(expression: unknown, sources: readonly Source[]): ColumnSource[] {
  const found = new Map<string, ColumnSource>()
  const waiting = [expression]
  while (waiting.length > 0) {
    const value = waiting.pop()
    if (Array.isArray(value)) waiting.push(...value)
    if (!isNode(value) || value.class === 'SUBQUERY' || value.class === 'LAMBDA') continue
    if (value.class === 'COLUMN_REF') {
      const source = sourceOf(value.column_names, sources)
      if (source) found.set(sameName(Object.values(source).join('\0')), source)
    } else waiting.push(...Object.values(value))
  }
  return [...found.values()]
}

function sourceOf(names: unknown, sources: readonly Source[]): ColumnSource | undefined {
  const path = Array.isArray(names) ? names.map(text) : []
  const [first = '', second] = path
  if (path.length === 1) {
    const [only, other] = sources
    return other === undefined && only?.table ? { ...only.table, column: first } : undefined
  }
  const named = sources.filter(({ alias }) => sameName(alias) === sameName(first))
  const [source] = named
  return named.length === 1 && source?.table && second !== undefined ? { ...source.table, column: second } : undefined
}

function lastName(item: Node): string {
  return item.class === 'COLUMN_REF' && Array.isArray(item.column_names) ? text(item.column_names.at(-1)) : ''
}
