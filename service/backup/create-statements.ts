import type { Client } from 'pg'
import { quoteName } from '../catalog/quote.ts'

/** The statements that make a table as it is: columns, constraints, indexes. DuckLake's tables have no more than these; it makes further ones
 * as it goes, so that no list of them could be kept here. */
export async function createStatements(client: Client, { schema, name }: { schema: string; name: string }): Promise<string[]> {
  const table = `${quoteName(schema)}.${quoteName(name)}`
  const { rows: columns } = await client.query<{ column: string }>(
    `SELECT concat_ws(' ', quote_ident(a.attname), format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN 'NOT NULL' END,
       'DEFAULT ' || pg_get_expr(d.adbin, d.adrelid)) AS column
     FROM pg_attribute AS a LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
     WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`,
    [table],
  )
  const { rows: constraints } = await client.query<{ constraint: string }>(
    `SELECT 'CONSTRAINT ' || quote_ident(conname) || ' ' || pg_get_constraintdef(oid) AS constraint
     FROM pg_constraint WHERE conrelid = to_regclass($1) AND contype IN ('p', 'u', 'c') ORDER BY contype, conname`,
    [table],
  )
  const { rows: indexes } = await client.query<{ index: string }>(
    `SELECT pg_get_indexdef(indexrelid) AS index FROM pg_index
     WHERE indrelid = to_regclass($1) AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid) ORDER BY 1`,
    [table],
  )
  const parts = [...columns.map(({ column }) => column), ...constraints.map(({ constraint }) => constraint)]
  return [`CREATE TABLE ${table} (${parts.join(', ')})`, ...indexes.map(({ index }) => index)]
}
