/** Engines differ in their credentials, because DuckDB's own switches do not hold: neither does READ_ONLY keep a statement from deleting
 * files, nor from writing into the catalog's database. */
export const engineClasses = ['reader', 'writer', 'maintenance'] as const
export type EngineClass = (typeof engineClasses)[number]

/** PostgreSQL's words for how its connections are encrypted; `prefer` and `allow` are left out, which fall back to none without a word. */
export const sslModes = ['disable', 'require', 'verify-ca', 'verify-full'] as const
export type SslMode = (typeof sslModes)[number]

export interface CatalogAddress {
  /** A host name, an address or the folder of a Unix socket. */
  readonly host: string
  readonly port: number
  readonly database: string
  readonly sslMode: SslMode
  /** The certificate authority to trust, as a PEM file. */
  readonly caFile?: string
}

export interface Login {
  readonly user: string
  readonly password: string
}

export type CatalogLogin = CatalogAddress & Login

export interface StorageAddress {
  /** `host:port`. */
  readonly endpoint: string
  readonly region: string
  /** Whether the bucket stands in the path and not in the host's name. */
  readonly pathStyle: boolean
  readonly tls: boolean
  /** The certificate authority to trust, as a PEM file. */
  readonly caFile?: string
}

export interface StorageKey {
  readonly keyId: string
  readonly secret: string
}

export type LakeStorage = { readonly kind: 'folder' } | ({ readonly kind: 's3' } & StorageAddress & StorageKey)

/** A part of a bucket, with a key for it. */
export type BucketPlace = { readonly kind: 's3'; readonly bucket: string; readonly prefix: string } & StorageAddress & StorageKey

/** Where results of background queries are kept: in the folder that engines write to, or in a bucket. */
export type ResultPlace = { readonly kind: 'folder' } | BucketPlace

/** How an engine reaches the lake, with the credentials of its class. It travels by message and never by environment or argument. */
export interface LakeConnection {
  readonly catalog: CatalogLogin
  readonly storage: LakeStorage
  /** Where the Parquet files lie, a folder or `s3://bucket/prefix/`; ends with `/`. */
  readonly dataPath: string
  readonly extensionDir: string
  /** An empty folder: DuckDB must find no secret of somebody else's. */
  readonly secretDir: string
}

/** `s3://bucket/prefix/` is in `bucket`. */
export function bucketOf(dataPath: string): string {
  return dataPath.split('/')[2] ?? ''
}

/** Where a lake's files lie, for a store. */
export function placeOf({ storage, dataPath }: Pick<LakeConnection, 'storage' | 'dataPath'>): string | BucketPlace {
  if (storage.kind === 'folder') return dataPath
  const bucket = bucketOf(dataPath)
  return { ...storage, bucket, prefix: dataPath.slice(`s3://${bucket}/`.length) }
}
