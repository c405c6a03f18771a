import { ServiceError } from '../errors.ts'
import { isBuiltin } from './builtin-functions.ts'
import { refuseFunction, refuseTable, refuseTableFunction } from './refusals.ts'
import { sameName } from './same-name.ts'
import { isNode, type Node, text } from './statement-tree.ts'

export interface TableReference {
  /** '' if the statement does not say. */
  readonly schema: string
  readonly name: string
  /** It has an AT clause of its own. */
  readonly at: boolean
  readonly alias: string
  /** Where its name begins, in bytes of UTF-8. */
  readonly location: number
  /** It stands right behind DESCRIBE, SHOW or SUMMARIZE, where the grammar takes a name and nothing else. */
  readonly described: boolean
}

/** What a statement uses, as far as its text alone tells. Names of functions and macros are in lower case. */
export interface Inspection {
  readonly tables: readonly TableReference[]
  /** DuckDB's own functions that a macro of the lake could hide. */
  readonly builtins: ReadonlySet<string>
  /** Functions and table functions that DuckDB does not have: macros of the lake, or mistakes. */
  readonly macros: ReadonlySet<string>
  readonly tableMacros: ReadonlySet<string>
  readonly listsTables: boolean
  readonly readsInformationSchema: boolean
  readonly summarizes: boolean
  /** The outermost query has an ORDER BY. */
  readonly ordered: boolean
  /** It has values and parameters only: it can be answered without the lake. */
  readonly constant: boolean
  /** A LIMIT can be put behind it. */
  readonly appendable: boolean
}

/** The names of the CTEs that a part of a statement sees, nearest first. */
interface Scope {
  readonly name: string
  readonly outer: Scope | undefined
}

/** Walks through the whole tree, however deep: without recursion, since a chain of UNIONs may be thousands of levels deep.
 * @throws ServiceError for what no statement may do. */
export function inspectStatement(statement: Node): Inspection {
  const found = {
    tables: [] as TableReference[],
    builtins: new Set<string>(),
    macros: new Set<string>(),
    tableMacros: new Set<string>(),
    listsTables: false,
    readsInformationSchema: false,
    summarizes: false,
    constant: true,
  }
  const waiting: { readonly value: unknown; readonly scope: Scope | undefined; readonly described?: boolean }[] = []
  waiting.push({ value: statement, scope: undefined })
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { value, scope } = next
    if (Array.isArray(value)) for (const item of value) waiting.push({ value: item, scope })
    if (isNode(value)) inspect(value, scope, next.described === true)
  }
  return { ...found, ordered: isOrdered(statement), appendable: isAppendable(statement) }

  function inspect(node: Node, outer: Scope | undefined, described: boolean): void {
    const scope = withCtes(node, outer)
    if (!isConstant(node)) found.constant = false
    let rest: Node = { ...node, cte_map: undefined }
    switch (node.type) {
      case 'RECURSIVE_CTE_NODE':
        // Only its second part can mean itself.
        waiting.push({ value: node.right, scope: { name: sameName(text(node.cte_name)), outer: scope } })
        rest = { ...rest, right: undefined }
        break
      case 'BASE_TABLE':
        inspectTable(node, scope, described)
        break
      case 'TABLE_FUNCTION':
        if (isNode(node.function)) {
          const name = refuseTableFunction(node.function)
          if (name.builtin) found.builtins.add(name.name)
          else found.tableMacros.add(name.name)
          rest = { ...rest, function: { ...node.function, class: undefined } }
        }
        break
      case 'SHOW_REF':
        rest = inspectShow(node, scope)
        break
    }
    if (node.class === 'FUNCTION' || node.class === 'WINDOW') {
      const name = refuseFunction(node)
      if (isBuiltin(name)) found.builtins.add(name)
      else found.macros.add(name)
    }
    for (const value of Object.values(rest)) if (typeof value === 'object' && value !== null) waiting.push({ value, scope })
  }

  /** A CTE sees those before it and not itself. */
  function withCtes(node: Node, outer: Scope | undefined): Scope | undefined {
    let scope = outer
    const entries = isNode(node.cte_map) && Array.isArray(node.cte_map.map) ? node.cte_map.map : []
    for (const entry of entries) {
      if (!isNode(entry)) continue
      waiting.push({ value: entry.value, scope })
      scope = { name: sameName(text(entry.key)), outer: scope }
    }
    return scope
  }

  function inspectTable(node: Node, scope: Scope | undefined, described: boolean): void {
    const table = refuseTable(node)
    const at = node.at_clause !== null && node.at_clause !== undefined
    if (table.informationSchema) found.readsInformationSchema = true
    else if (at || table.qualified || !sees(scope, sameName(table.name))) {
      found.tables.push({
        schema: table.schema,
        name: table.name,
        alias: text(node.alias),
        at,
        location: Number(node.query_location),
        described,
      })
    }
  }

  function inspectShow(node: Node, scope: Scope | undefined): Node {
    if (!isNode(node.query)) {
      if (node.show_type !== 'SHOW_UNQUALIFIED' || node.table_name !== '"tables"') {
        throw new ServiceError('statementRefused', 'Of the SHOW statements only SHOW TABLES is allowed: DESCRIBE shows a table.')
      }
      found.listsTables = true
      return node
    }
    if (node.show_type === 'SUMMARY') found.summarizes = true
    const [star] = Array.isArray(node.query.select_list) ? node.query.select_list : []
    const named = isNode(star) && Number(star.query_location) > Number.MAX_SAFE_INTEGER
    if (named) waiting.push({ value: node.query.from_table, scope, described: true })
    return named ? { ...node, query: { ...node.query, from_table: undefined } } : node
  }
}

function sees(scope: Scope | undefined, name: string): boolean {
  for (let cte = scope; cte; cte = cte.outer) if (cte.name === name) return true
  return false
}

function isOrdered(node: Node): boolean {
  return Array.isArray(node.modifiers) && node.modifiers.some(modifier => isNode(modifier) && modifier.type === 'ORDER_MODIFIER')
}

/** Expressions that name no function, of which a macro of the lake could take the place. */
const constantClasses = new Set(['CONSTANT', 'PARAMETER', 'CAST', 'CASE', 'COMPARISON', 'CONJUNCTION'])

function isConstant({ class: kind, type }: Node): boolean {
  if (typeof kind === 'string') return constantClasses.has(kind)
  return type !== 'BASE_TABLE' && type !== 'TABLE_FUNCTION' && type !== 'SHOW_REF' && type !== 'PIVOT'
}

/** A LIMIT of its own, or a clause behind which none may stand, keeps another from being put behind. */
function isAppendable({ type, modifiers, sample, from_table: from }: Node): boolean {
  if (type !== 'SELECT_NODE' && type !== 'SET_OPERATION_NODE') return false
  if ((sample !== null && sample !== undefined) || (isNode(from) && from.type === 'SHOW_REF')) return false
  const clauses = Array.isArray(modifiers) ? modifiers.filter(isNode) : []
  return clauses.every(clause => clause.type === 'ORDER_MODIFIER' || clause.type === 'DISTINCT_MODIFIER')
}
