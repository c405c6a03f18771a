import type { DuckDBConnection } from '@duckdb/node-api'
import { quoteName } from '../../catalog/quote.ts'
import { type TableName, tableSql } from '../../catalog/table-name.ts'
import { ServiceError } from '../../errors.ts'
import type { Session } from '../open-statement.ts'
import { sameName } from '../same-name.ts'

/** Rows with the key of one that is there take its place, all others are added. */
export async function mergeSql({ lake }: Session, table: TableName, rows: string, key: readonly string[]): Promise<string> {
  const names = await namesOf(lake, rows)
  const values = names.filter(name => !isIn(key, name)).map(quoteName)
  const same = key.map(quoteName).map(name => `target.${name} = source.${name}`)
  const update = values.length > 0 ? `UPDATE SET ${values.map(name => `${name} = source.${name}`).join(', ')}` : 'DO NOTHING'
  return `MERGE INTO ${tableSql(table)} AS target USING (${rows}) AS source ON ${same.join(' AND ')}
    WHEN MATCHED THEN ${update}
    WHEN NOT MATCHED THEN INSERT (${names.map(quoteName).join(', ')}) VALUES (${names.map(name => `source.${quoteName(name)}`).join(', ')})`
}

/** @throws ServiceError invalidRequest for a key that the rows have not, dataInvalid for one that they have twice or as NULL */
export async function assertUniqueKey({ lake }: Session, rows: string, key: readonly string[]): Promise<void> {
  if (key.length === 0) throw new ServiceError('invalidRequest', 'mode=upsert needs key=, the columns by which rows are the same.')
  const columns = await namesOf(lake, rows)
  const missing = key.find(name => !isIn(columns, name))
  if (missing !== undefined) throw new ServiceError('invalidRequest', `key: the rows have no column "${missing}".`)
  const names = key.map(quoteName)
  const found = await lake.runAndReadAll(
    `SELECT ${names.map(name => `${name}::VARCHAR`).join(', ')}, count(*) FROM (${rows}) GROUP BY ${names.join(', ')}
      HAVING count(*) > 1 OR ${names.map(name => `${name} IS NULL`).join(' OR ')} LIMIT 1`,
  )
  const [first] = found.getRows()
  if (!first) return
  const shown = key.map((name, index) => `${name} = ${first[index] === null ? 'NULL' : first[index]}`).join(', ')
  if (first.slice(0, key.length).includes(null)) throw new ServiceError('dataInvalid', `A row has no key: ${shown}.`)
  throw new ServiceError('dataInvalid', `${first[key.length]} rows have the same key: ${shown}. Leave one of them.`)
}

async function namesOf(lake: DuckDBConnection, rows: string): Promise<string[]> {
  return (await lake.runAndReadAll(`DESCRIBE ${rows}`)).getRows().map(([name]) => String(name))
}

function isIn(names: readonly string[], name: string): boolean {
  return names.some(other => sameName(other) === sameName(name))
}
