import type { DuckDBConnection } from '@duckdb/node-api'
import { quote } from '../catalog/quote.ts'

/** What a lake needs: its own format, Parquet on S3, the catalog in PostgreSQL. */
export const extensionNames = ['ducklake', 'httpfs', 'postgres_scanner'] as const

/** DuckDB takes extensions from this folder only, and fetches none by itself. Signatures stay checked. */
export function useExtensionFolder(folder: string): string {
  return `SET extension_directory = ${quote(folder)};
SET autoinstall_known_extensions = false;
SET autoload_known_extensions = false;
SET allow_community_extensions = false;`
}

export async function loadExtensions(connection: DuckDBConnection, folder: string): Promise<void> {
  await connection.run(useExtensionFolder(folder))
  for (const name of extensionNames) await connection.run(`LOAD ${name}`)
}
