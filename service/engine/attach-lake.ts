import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { attachSql } from '../catalog/attach-sql.ts'
import type { LakeConnection } from '../catalog/lake-connection.ts'
import { quote } from '../catalog/quote.ts'
import type { EngineLimits } from '../config.ts'
import { loadExtensions } from '../extensions/load-extensions.ts'

/** Opens DuckDB, attaches the lake for reading and shuts the door behind it. The order matters: nothing can be loaded or attached once
 * external access is off, and nothing can be set once the configuration is locked. */
export async function attachLake(
  lake: LakeConnection,
  limits: EngineLimits,
  spillDir: string,
  allowedPaths: readonly string[] = [],
  allowedDirectories: readonly string[] = [],
): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  await loadExtensions(connection, lake.extensionDir)
  await connection.run(`SET TimeZone = 'UTC';
SET errors_as_json = true;
SET threads = ${limits.threads};
SET memory_limit = '${limits.memoryMb}MiB';
SET temp_directory = ${quote(spillDir)};
SET max_temp_directory_size = '${limits.spillMb}MiB';
SET enable_progress_bar = true;
SET enable_progress_bar_print = false;
SET progress_bar_time = 0;
SET http_timeout = 12;
SET http_retries = 2;`)
  await connection.run(attachSql(lake, { readOnly: true, create: false }))
  await connection.run('USE lake')
  await connection.run(`SET allowed_directories = [${[lake.dataPath, ...allowedDirectories].map(quote).join(', ')}];
SET allowed_paths = [${allowedPaths.map(quote).join(', ')}];
SET allowed_configs = ['preserve_insertion_order'];
SET enable_external_access = false;
SET lock_configuration = true;`)
  return connection
}
