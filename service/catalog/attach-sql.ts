import type { LakeConnection } from './lake-connection.ts'
import { quote } from './quote.ts'

/** Attaches the lake as `lake`. The catalog's address goes into a secret: as a connection string anybody could read it in duckdb_databases().
 * Inlining stays off in each attach: with it on, a compaction can undo small deletes that were acknowledged. */
export function attachSql(
  { catalog, dataPath, secretDir }: LakeConnection,
  { readOnly, create }: { readOnly: boolean; create: boolean },
): string {
  return `SET secret_directory = ${quote(secretDir)};
CREATE SECRET catalog (TYPE postgres, HOST ${quote(catalog.host)}, PORT ${quote(`${catalog.port}`)}, DATABASE ${quote(catalog.database)},
  USER ${quote(catalog.user)}, PASSWORD ${quote(catalog.password)});
ATTACH 'ducklake:postgres:' AS lake (META_SECRET 'catalog', DATA_PATH ${quote(dataPath)}, DATA_INLINING_ROW_LIMIT 0,
  CREATE_IF_NOT_EXISTS ${create}${readOnly ? ', READ_ONLY' : ''});`
}
