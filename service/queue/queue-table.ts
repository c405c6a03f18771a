import type { TableName } from '../catalog/table-name.ts'
import { ServiceError } from '../errors.ts'

/** A table as the address of its queue names it: `rides`, `main.rides`, or with quotes what holds a dot, `"a.b"."c"`.
 * @throws ServiceError invalidRequest */
export function queueTable(text: string): TableName {
  const part = '(?:"((?:[^"]|"")+)"|([^".]+))'
  const match = new RegExp(`^(?:${part}\\.)?${part}$`).exec(text)
  if (!match || text.includes('\0'))
    throw new ServiceError('invalidRequest', `"${text}" names no table: use table, schema.table, or "a.b"."c" for names with dots.`)
  const [, quotedSchema, schema, quotedName, name] = match
  const plain = (quoted: string | undefined, bare: string | undefined) => quoted?.replaceAll('""', '"') ?? bare
  return { schema: plain(quotedSchema, schema) ?? 'main', name: plain(quotedName, name) ?? '' }
}
