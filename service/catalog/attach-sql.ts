import { bucketOf, type LakeConnection } from './lake-connection.ts'
import { quote } from './quote.ts'

/** How long a connection to the catalog may take to come about: an address that swallows packets would hold it for minutes. */
const connectTimeoutSeconds = 5

/** The secrets of a lake. The catalog's address goes into one too: as a connection string anybody could read it in duckdb_databases().
 * The key of the object store is for its bucket only, so that it signs no request to another. */
export function secretsSql({ catalog, storage, dataPath, secretDir }: LakeConnection): string {
  const encryption = `SSLMODE ${quote(catalog.sslMode)}${catalog.caFile === undefined ? '' : `, SSLROOTCERT ${quote(catalog.caFile)}`}`
  const files =
    storage.kind === 'folder'
      ? ''
      : `
CREATE SECRET files (TYPE s3, PROVIDER config, KEY_ID ${quote(storage.keyId)}, SECRET ${quote(storage.secret)},
  ENDPOINT ${quote(storage.endpoint)}, REGION ${quote(storage.region)}, URL_STYLE ${quote(storage.pathStyle ? 'path' : 'vhost')},
  USE_SSL ${storage.tls}, SCOPE ${quote(`s3://${bucketOf(dataPath)}`)});`
  return `SET secret_directory = ${quote(secretDir)};
CREATE SECRET catalog (TYPE postgres, HOST ${quote(catalog.host)}, PORT ${quote(`${catalog.port}`)}, DATABASE ${quote(catalog.database)},
  USER ${quote(catalog.user)}, PASSWORD ${quote(catalog.password)}, CONNECT_TIMEOUT '${connectTimeoutSeconds}', ${encryption});${files}`
}

/** How requests to the object store behave. A distributed store answers after 10 s while one of its servers is away. Each file that is being
 * written holds a buffer of a ten-thousandth of the largest size that it might get: 16 MB and not 80, of which a small engine has few. */
export function storageSettingsSql({ storage }: LakeConnection): string {
  if (storage.kind === 'folder') return ''
  return `SET http_timeout = 12;
SET http_retries = 2;
SET s3_uploader_max_filesize = '160GB';
SET enable_server_cert_verification = true;
SET enable_curl_server_cert_verification = true;${storage.caFile === undefined ? '' : `\nSET ca_cert_file = ${quote(storage.caFile)};`}`
}

/** Attaches the lake as `lake`.
 * Inlining stays off in each attach: with it on, a compaction can undo small deletes that were acknowledged. */
export function attachSql({ dataPath }: LakeConnection, { readOnly, create }: { readOnly: boolean; create: boolean }): string {
  return `ATTACH 'ducklake:postgres:' AS lake (META_SECRET 'catalog', DATA_PATH ${quote(dataPath)}, DATA_INLINING_ROW_LIMIT 0,
  CREATE_IF_NOT_EXISTS ${create}${readOnly ? ', READ_ONLY' : ''});`
}
