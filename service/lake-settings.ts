interface LakeSetting {
  /** Absent: it has to be set. Empty: it may be left out. */
  readonly default?: string
  readonly why: string
}

/** What a lake on S3 and PostgreSQL is reached by. Each may also come from a file, such as a mounted Secret: `NAME_FILE` has its path.
 * docs/service.md lists the same, held to it by a test. */
export const lakeSettings = {
  CATALOG_HOST: {
    default: '',
    why: 'Host of the catalog’s PostgreSQL. It or CATALOG_URL makes the service use S3 and PostgreSQL instead of LAKE_DIR.',
  },
  CATALOG_URL: { default: '', why: 'The same in one: postgres://host:port/database?sslmode=require, without user and password.' },
  CATALOG_PORT: { default: '5432', why: 'Its TCP port.' },
  CATALOG_DATABASE: { default: 'ducklake', why: 'Its database; migrate makes it if there is none.' },
  CATALOG_SSLMODE: {
    default: 'require',
    why: 'Encryption as PostgreSQL calls it: disable, require, verify-ca or verify-full. Only the last makes sure who answers.',
  },
  CATALOG_CA_FILE: { default: '', why: 'PEM file of the authority that signed PostgreSQL’s certificate.' },
  CATALOG_READER_USER: { default: 'ducklake_reader', why: 'Role of engines that read: it can change nothing in the catalog.' },
  CATALOG_READER_PASSWORD: { why: 'Its password.' },
  CATALOG_WRITER_USER: { default: 'ducklake_writer', why: 'Role of engines that write: it owns the catalog’s tables.' },
  CATALOG_WRITER_PASSWORD: { why: 'Its password.' },
  CATALOG_MAINTENANCE_USER: { default: 'ducklake_maintenance', why: 'Role of engines that compact and clean up.' },
  CATALOG_MAINTENANCE_PASSWORD: { why: 'Its password.' },
  CATALOG_SERVICE_USER: { default: 'ducklake_service', why: 'The gateway’s own role: it owns the schema app, where keys and history lie.' },
  CATALOG_SERVICE_PASSWORD: { why: 'Its password.' },
  CATALOG_ADMIN_USER: { default: 'postgres', why: 'Role that may make roles and databases. Only migrate uses it.' },
  CATALOG_ADMIN_PASSWORD: { default: '', why: 'Its password: migrate needs it, the service should not have it.' },
  ADMIN_KEY: {
    default: '',
    why: 'A key, dl_<12 hexadecimal digits>_<48>, that migrate makes the administrator’s, in place of the one before; without it migrate makes a first key and shows it.',
  },
  S3_ENDPOINT: { why: 'The object store: http://host:port, https://host:port or host:port.' },
  S3_TLS: { default: '', why: 'true or false where S3_ENDPOINT does not begin with http:// or https://; true if not said.' },
  S3_CA_FILE: { default: '', why: 'PEM file of the authority that signed the object store’s certificate.' },
  S3_REGION: { default: 'us-east-1', why: 'Part of every signature: a store without regions takes any that its clients agree on.' },
  S3_URL_STYLE: { default: 'path', why: 'path or vhost: whether the bucket stands in the path or in the host’s name.' },
  S3_DATA_PATH: { why: 'Where the lake’s files lie: s3://bucket/prefix/. DuckLake deletes what it does not know in there.' },
  S3_READER_KEY_ID: { why: 'Access key of engines that read: a policy without PutObject and DeleteObject belongs to it.' },
  S3_READER_SECRET: { why: 'Its secret key.' },
  S3_WRITER_KEY_ID: { why: 'Access key of engines that write: without DeleteObject.' },
  S3_WRITER_SECRET: { why: 'Its secret key.' },
  S3_MAINTENANCE_KEY_ID: { why: 'Access key of engines that clean up: with DeleteObject.' },
  S3_MAINTENANCE_SECRET: { why: 'Its secret key.' },
  S3_RAW_PATH: {
    default: '',
    why: 'Where results of background queries and raw datasets are kept, outside of the lake: s3://bucket/prefix/. Without it they stay on this machine’s disk, which fits one process only.',
  },
  S3_RAW_KEY_ID: { default: '', why: 'Access key for it, with PutObject and DeleteObject; needed with S3_RAW_PATH.' },
  S3_RAW_SECRET: { default: '', why: 'Its secret key.' },
  S3_PUBLISH_PATH: {
    default: '',
    why: 'Where the logs of published tables lie, outside of the lake: s3://bucket/prefix/. Without it no table can be published.',
  },
  S3_PUBLISH_KEY_ID: {
    default: '',
    why: 'Access key for it, with PutObject and DeleteObject; without it that of maintenance is used.',
  },
  S3_PUBLISH_SECRET: { default: '', why: 'Its secret key.' },
  S3_BACKUP_PATH: {
    default: '',
    why: 'Where npm run backup puts backups if --to says nothing else, outside of the lake: s3://bucket/prefix/.',
  },
  S3_BACKUP_KEY_ID: { default: '', why: 'Access key for it, with PutObject and DeleteObject; needed with S3_BACKUP_PATH.' },
  S3_BACKUP_SECRET: { default: '', why: 'Its secret key.' },
} as const satisfies Readonly<Record<string, LakeSetting>>

export type LakeSettingName = keyof typeof lakeSettings
