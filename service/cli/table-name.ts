import { UsageError } from './exit-codes.ts'

export interface Name {
  readonly schema: string
  readonly table: string
}

/** `table` of the schema main, or `schema.table`; a name with a dot stands in double quotes, and a quote in it twice.
 * @throws UsageError */
export function tableName(text: string): Name {
  const part = '("(?:[^"]|"")+"|[^".]+)'
  const [, first, second] = new RegExp(`^${part}(?:\\.${part})?$`).exec(text) ?? []
  if (first === undefined) throw new UsageError(`"${text}" is no name of a table: use table, schema.table or "a name with.dots".`)
  return second === undefined ? { schema: 'main', table: unquoted(first) } : { schema: unquoted(first), table: unquoted(second) }
}

function unquoted(part: string): string {
  return part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part
}
