import type { DuckDBConnection } from '@duckdb/node-api'
import { quote } from '../../catalog/quote.ts'
import type { Column } from '../messages.ts'

/** How rows may come. */
export const sourceFormats = ['ndjson', 'json', 'csv', 'parquet', 'arrow'] as const
export type SourceFormat = (typeof sourceFormats)[number]

/** A file of rows in one of the engine's folders. */
export interface Source {
  readonly format: SourceFormat
  readonly path: string
}

/** Rows as a statement can read them: `FROM relation`, with the columns that the file has. */
export interface OpenSource {
  readonly relation: string
  readonly columns: readonly Column[]
}

/** @param target the types that the rows shall have; inferred where there is none. */
export async function openSource(lake: DuckDBConnection, source: Source, target?: readonly Column[]): Promise<OpenSource> {
  const path = quote(source.path)
  const types = target ? `, columns = ${literalOf(target)}` : ''
  switch (source.format) {
    case 'ndjson':
    case 'json': {
      const relation = `read_json(${path}, format = '${source.format === 'json' ? 'array' : 'newline_delimited'}'${types})`
      return { relation, columns: await describe(lake, relation) }
    }
    default: {
      const relation = source.format === 'csv' ? `read_csv(${path}, header = true)` : `read_parquet(${path})`
      return { relation, columns: await describe(lake, relation) }
    }
  }
}

async function describe(lake: DuckDBConnection, relation: string): Promise<Column[]> {
  const rows = (await lake.runAndReadAll(`DESCRIBE FROM ${relation}`)).getRows()
  return rows.map(([name, type]) => ({ name: String(name), type: String(type) }))
}

function literalOf(columns: readonly Column[]): string {
  return `{${columns.map(({ name, type }) => `${quote(name)}: ${quote(type)}`).join(', ')}}`
}
