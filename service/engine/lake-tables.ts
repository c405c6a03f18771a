import { isNode, lower, type Node } from './syntax-tree.ts'

export interface TableName {
  readonly schema: string
  readonly name: string
}

type Scope = ReadonlySet<string>

/** A reference to a table, as a node that may be changed, and what it names. */
export interface TableReference extends TableName {
  readonly node: Node
}

/** The lake's tables and views that a statement names, without those that are its own CTEs. A CTE counts from the one after it on, and inside
 * itself only where it is recursive: a name that is taken for a CTE without being one would pass the grants. */
export function* lakeTables(tree: unknown): Iterable<TableReference> {
  const waiting: { readonly value: unknown; readonly scope: Scope }[] = [{ value: tree, scope: new Set() }]
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { value, scope } = next
    if (Array.isArray(value)) for (const item of value) waiting.push({ value: item, scope })
    if (!isNode(value)) continue
    if (value.type === 'BASE_TABLE' && !(isUnqualified(value) && scope.has(lower(value.table_name)))) {
      yield { schema: schemaOf(value), name: lower(value.table_name), node: value }
    }
    let inner: Scope = value.type === 'RECURSIVE_CTE_NODE' ? new Set([...scope, lower(value.cte_name)]) : scope
    for (const { key, query } of ctesOf(value)) {
      waiting.push({ value: query, scope: inner })
      inner = new Set([...inner, lower(key)])
    }
    for (const key in value) if (key !== 'cte_map') waiting.push({ value: value[key], scope: inner })
  }
}

function isUnqualified({ catalog_name: catalog, schema_name: schema }: Node): boolean {
  return !catalog && !schema
}

/** `lake.t` is read as the table t of a schema called lake, though it is the catalog. */
function schemaOf({ catalog_name: catalog, schema_name: schema }: Node): string {
  if (!schema || (!catalog && lower(schema) === 'lake')) return 'main'
  return lower(schema)
}

function ctesOf({ cte_map: ctes }: Node): readonly { readonly key: unknown; readonly query: unknown }[] {
  const map = isNode(ctes) && Array.isArray(ctes.map) ? ctes.map : []
  return map.filter(isNode).map(({ key, value }) => ({ key, query: value }))
}
