import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { temporaryFolder } from './run-service.ts'

let outside: DuckDBConnection | undefined

/** A Parquet file as somebody else's DuckDB writes it. @param options of COPY */
export async function parquetOf(sql: string, options = 'FORMAT parquet'): Promise<Buffer> {
  outside ??= await (await DuckDBInstance.create(':memory:', { force_mbedtls_unsafe: 'true' })).connect()
  const path = join(temporaryFolder(), 'a.parquet')
  await outside.run(`COPY (${sql}) TO '${path}' (${options})`)
  return readFileSync(path)
}

/** The file with other bytes in place of some of its footer, everywhere. */
export function withFooter(data: Buffer, from: Uint8Array, to: Uint8Array): Buffer {
  const changed = Buffer.from(data)
  const footer = data.length - 8 - data.readUInt32LE(data.length - 8)
  let found = 0
  for (let at = changed.indexOf(from, footer); at >= 0; at = changed.indexOf(from, at + 1), found += 1) changed.set(to, at)
  if (found === 0) throw new Error('the footer does not have these bytes')
  return changed
}

/** A text or a number of 32 bits as it stands in a footer. */
export function bytesOf(value: string | number): Buffer {
  if (typeof value === 'string') return Buffer.from(value)
  const bytes = Buffer.alloc(4)
  bytes.writeInt32LE(value)
  return bytes
}
