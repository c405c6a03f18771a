import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { assertCatalog, catalogOptionsSql, otherVersion } from '../catalog/assert-catalog.ts'
import { attachSql, secretsSql, storageSettingsSql } from '../catalog/attach-sql.ts'
import type { EngineClass, LakeConnection } from '../catalog/lake-connection.ts'
import { metadataDatabase } from '../catalog/metadata-database.ts'
import { quote } from '../catalog/quote.ts'
import type { EngineLimits } from '../config.ts'
import { ServiceError } from '../errors.ts'
import { loadExtensions } from '../extensions/load-extensions.ts'
import { classifyError } from './classify-error.ts'

/** Opens DuckDB, attaches the lake and shuts the door behind it. The order matters: nothing can be loaded or attached once external
 * access is off, and nothing can be set once the configuration is locked, but whether rows keep their order, because an export without
 * ORDER BY is faster without, and how many threads one has that writes. Users' statements never are a SET.
 * @param allowedPaths files outside of the lake that our statements may name: the pipe that results go through.
 * @param engineClass whose credentials the connection holds.
 * @param opened as `openDuckdb` gives it, if that was done before.
 * @throws ServiceError catalogUnavailable or catalogUnfit; other errors are mistakes of the set-up. */
export async function attachLake(
  lake: LakeConnection,
  limits: EngineLimits,
  spillDir: string,
  allowedPaths: readonly string[] = [],
  allowedDirectories: readonly string[] = [],
  engineClass: EngineClass = 'reader',
  opened?: DuckDBConnection,
): Promise<DuckDBConnection> {
  const connection = opened ?? (await openDuckdb(lake.extensionDir))
  await connection.run(secretsSql(lake))
  await connection.run(`SET TimeZone = 'UTC';
SET errors_as_json = true;
SET enable_progress_bar = true;
SET enable_progress_bar_print = false;
SET progress_bar_time = 0;
SET threads = ${limits.threads};
SET memory_limit = '${limits.memoryMb}MiB';
SET temp_directory = ${quote(spillDir)};
SET max_temp_directory_size = '${limits.spillMb}MiB';
SET ducklake_max_retry_count = 100;
${storageSettingsSql(lake)}`)
  // With it a name like s3://bucket/a?s3_endpoint=host cannot send a signed request elsewhere. Cleaning up needs what it turns off: globs.
  if (lake.storage.kind === 's3' && engineClass !== 'maintenance') await connection.run('SET s3_url_compatibility_mode = true')
  await attach(connection, lake, engineClass)
  const changeable = ['preserve_insertion_order', ...(engineClass === 'writer' ? ['threads'] : [])]
  await connection.run(`USE lake;
SET allowed_directories = [${[lake.dataPath, ...allowedDirectories].map(quote).join(', ')}];
SET allowed_paths = [${allowedPaths.map(quote).join(', ')}];
SET allowed_configs = [${changeable.map(quote).join(', ')}];
SET enable_external_access = false;
SET lock_configuration = true;`)
  return connection
}

/** Opens DuckDB with what every lake needs: more than half of an engine's start, and it asks no server. */
export async function openDuckdb(extensionDir: string): Promise<DuckDBConnection> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect()
  await loadExtensions(connection, extensionDir)
  return connection
}

async function attach(connection: DuckDBConnection, lake: LakeConnection, engineClass: EngineClass): Promise<void> {
  try {
    await connection.run(attachSql(lake, { readOnly: engineClass === 'reader', create: false }))
    const reader = await connection.runAndReadAll(catalogOptionsSql(`${metadataDatabase}.public`))
    const options = reader
      .getRows()
      .map(([key, value, scope]) => ({ key: String(key), value: String(value), scope: scope === null ? null : String(scope) }))
    assertCatalog(options, lake.dataPath)
  } catch (error) {
    const { code, detail } = classifyError(error, '')
    // DuckLake looks before we can, and advises to migrate at each attach: a catalog that became newer that way does not become older again.
    const [, version] = /^DuckLake catalog version mismatch: catalog version is (\S+),/.exec(detail) ?? []
    if (version) throw otherVersion(version)
    throw code === 'catalogUnavailable' || code === 'catalogUnfit' ? new ServiceError(code, detail) : error
  }
}
