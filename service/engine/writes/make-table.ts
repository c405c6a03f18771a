import type { DuckDBConnection } from '@duckdb/node-api'
import { quoteName } from '../../catalog/quote.ts'
import type { TableName } from '../../catalog/table-name.ts'
import { ServiceError } from '../../errors.ts'
import { typeNamed } from '../ingest/describe-source.ts'
import type { Column } from '../messages.ts'
import type { Session } from '../open-statement.ts'
import { refuseTable } from '../refusals.ts'
import { faultOfName } from '../write-gate/object-name.ts'

/** @throws ServiceError notFound for the schema, conflict for a table that must not be there */
export async function assertMakeable({ lake }: Session, { schema, name }: TableName, mode: string): Promise<void> {
  if (mode === 'create') {
    // Otherwise no statement could read what was made.
    refuseTable({ schema_name: schema, table_name: name })
    const fault = faultOfName(name)
    if (fault !== undefined) throw new ServiceError('invalidRequest', fault)
  }
  const found = await lake.runAndReadAll(
    `SELECT s.schema_name, t.table_name FROM duckdb_schemas() AS s
      LEFT JOIN (SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = 'lake'
        UNION ALL SELECT schema_name, view_name FROM duckdb_views() WHERE database_name = 'lake') AS t
      ON t.schema_name = s.schema_name AND lower(t.table_name) = lower($2)
    WHERE s.database_name = 'lake' AND lower(s.schema_name) = lower($1)`,
    [schema, name],
  )
  const [first] = found.getRows()
  if (!first) throw new ServiceError('notFound', `There is no schema ${schema}: make it first.`)
  if (mode === 'create' && first[1] !== null)
    throw new ServiceError('conflict', `There is a table or view ${schema}.${name} already: use mode=append or mode=replace.`)
}

/** Types as DuckDB writes them: a caller's text never becomes part of a statement. @throws ServiceError invalidRequest */
export async function namedTypes(lake: DuckDBConnection, columns: readonly Column[]): Promise<Column[]> {
  const named: Column[] = []
  for (const { name, type } of columns) {
    try {
      named.push({ name, type: await typeNamed(lake, type) })
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error
      throw new ServiceError('invalidRequest', `columns: "${name}": ${error.detail}`)
    }
  }
  return named
}

export function definition({ name, type }: Column): string {
  return `${quoteName(name)} ${type}`
}
