import {
  type BucketPlace,
  bucketOf,
  type CatalogAddress,
  type EngineClass,
  type Login,
  type ResultPlace,
  type SslMode,
  type StorageAddress,
  type StorageKey,
  sslModes,
} from './catalog/lake-connection.ts'
import { type LakeSettingName, lakeSettings } from './lake-settings.ts'
import { SettingError } from './startup-error.ts'

/** A lake on servers that others run. */
export interface ExternalLake {
  readonly catalog: CatalogAddress
  readonly storage: StorageAddress
  /** `s3://bucket/prefix/`. */
  readonly dataPath: string
  /** Where results are kept. */
  readonly results: ResultPlace
  /** Where backups go if their command says nothing else. */
  readonly backups: BucketPlace | undefined
  /** Where logs of published tables lie. */
  readonly publications: BucketPlace | undefined
  readonly classes: Readonly<Record<EngineClass, { readonly login: Login; readonly key: StorageKey }>>
  readonly service: Login
  /** Only the migration needs one. */
  readonly administrator: Login | undefined
  /** The administrator's key that somebody else keeps. */
  readonly adminKey: string | undefined
}

/** What was set, by name. */
export type LakeValues = Readonly<Partial<Record<LakeSettingName, string>>>

/** The lake that the settings describe; none if they do not name a catalog, which means the embedded one.
 * @throws SettingError that names what is missing or wrong, and never shows a secret. */
export function readLake(values: LakeValues): ExternalLake | undefined {
  const set = Object.keys(values)
  if (values.CATALOG_URL === undefined && values.CATALOG_HOST === undefined) {
    if (set.length === 0) return undefined
    throw new SettingError(
      `CATALOG_HOST (or CATALOG_URL) is missing: ${set.join(', ')} ${set.length === 1 ? 'is' : 'are'} set, which only a lake on S3 and PostgreSQL uses. Set it too, or none of them for the embedded lake.`,
    )
  }
  const required = Object.entries(lakeSettings).filter(([, setting]) => !('default' in setting))
  const missing = required.map(([name]) => name).filter(name => !set.includes(name))
  if (missing.length > 0) {
    throw new SettingError(
      `A lake on S3 and PostgreSQL needs ${missing.join(', ')} too: set ${missing.length === 1 ? 'it' : 'them'}, or ${missing.length === 1 ? `${missing[0]}_FILE` : 'NAME_FILE'} with the path of a file that holds it.`,
    )
  }
  const value = (name: LakeSettingName): string => {
    const setting = lakeSettings[name]
    return values[name] ?? ('default' in setting ? setting.default : '')
  }
  const login = (kind: 'READER' | 'WRITER' | 'MAINTENANCE' | 'SERVICE' | 'ADMIN'): Login => ({
    user: value(`CATALOG_${kind}_USER`),
    password: value(`CATALOG_${kind}_PASSWORD`),
  })
  const classOf = (kind: 'READER' | 'WRITER' | 'MAINTENANCE') => ({
    login: login(kind),
    key: { keyId: value(`S3_${kind}_KEY_ID`), secret: value(`S3_${kind}_SECRET`) },
  })
  const users = (['READER', 'WRITER', 'MAINTENANCE', 'SERVICE'] as const).map(kind => login(kind).user)
  if (new Set(users).size < users.length)
    throw new SettingError(
      `The roles ${users.join(', ')} are not four: reader, writer, maintenance and service each need their own CATALOG_…_USER.`,
    )
  const storage = readStorage(value)
  const dataPath = readS3Path('S3_DATA_PATH', value('S3_DATA_PATH'))
  return {
    catalog: readCatalog(values, value),
    storage,
    dataPath,
    results: readPlace('S3_RAW', value, storage, dataPath) ?? { kind: 'folder' },
    backups: readPlace('S3_BACKUP', value, storage, dataPath),
    publications: readPublications(value, storage, dataPath, classOf('MAINTENANCE').key),
    classes: { reader: classOf('READER'), writer: classOf('WRITER'), maintenance: classOf('MAINTENANCE') },
    service: login('SERVICE'),
    administrator: values.CATALOG_ADMIN_PASSWORD === undefined ? undefined : login('ADMIN'),
    adminKey: values.ADMIN_KEY,
  }
}

function readCatalog(values: LakeValues, value: (name: LakeSettingName) => string): CatalogAddress {
  const ca = values.CATALOG_CA_FILE ? { caFile: values.CATALOG_CA_FILE } : {}
  if (values.CATALOG_URL === undefined) {
    const port = readPort('CATALOG_PORT', value('CATALOG_PORT'))
    return { host: value('CATALOG_HOST'), port, database: value('CATALOG_DATABASE'), sslMode: readSslMode(value('CATALOG_SSLMODE')), ...ca }
  }
  const twice = (['CATALOG_HOST', 'CATALOG_PORT', 'CATALOG_DATABASE', 'CATALOG_SSLMODE'] as const).filter(
    name => values[name] !== undefined,
  )
  if (twice.length > 0) throw new SettingError(`CATALOG_URL and ${twice.join(', ')} say the same: set one or the other.`)
  // The URL is never shown: a password may have got into it.
  const form = 'CATALOG_URL is not of the form postgres://host:port/database?sslmode=require'
  if (!URL.canParse(values.CATALOG_URL)) throw new SettingError(`${form}.`)
  const url = new URL(values.CATALOG_URL)
  if (url.username || url.password)
    throw new SettingError(`CATALOG_URL holds a user or a password: each role has its own, in CATALOG_READER_USER and so on.`)
  const database = decodeURIComponent(url.pathname.slice(1))
  if (!/^postgres(ql)?:$/.test(url.protocol) || !url.hostname || database.includes('/')) throw new SettingError(`${form}.`)
  const unknown = [...url.searchParams.keys()].filter(name => name !== 'sslmode')
  if (unknown.length > 0) throw new SettingError(`${form}: ${unknown.join(', ')} cannot be set there.`)
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port ? Number(url.port) : Number(lakeSettings.CATALOG_PORT.default),
    database: database || lakeSettings.CATALOG_DATABASE.default,
    sslMode: readSslMode(url.searchParams.get('sslmode') ?? lakeSettings.CATALOG_SSLMODE.default),
    ...ca,
  }
}

function readSslMode(text: string): SslMode {
  const mode = sslModes.find(known => known === text)
  if (!mode) throw new SettingError(`CATALOG_SSLMODE is "${text}": use ${sslModes.join(', ')}.`)
  return mode
}

function readStorage(value: (name: LakeSettingName) => string): StorageAddress {
  const text = value('S3_ENDPOINT')
  const [, scheme, host, port, rest] = /^(?:(https?):\/\/)?([\w.-]+|\[[\da-f:]+\])(?::(\d+))?(\/*)$/i.exec(text) ?? []
  if (host === undefined || rest === undefined)
    throw new SettingError(`S3_ENDPOINT is "${text}": use http://host:port, https://host:port or host:port, without a path.`)
  const said = value('S3_TLS')
  if (!['', 'true', 'false'].includes(said)) throw new SettingError(`S3_TLS is "${said}": use true or false.`)
  const byScheme = scheme === undefined ? undefined : scheme.toLowerCase() === 'https'
  if (byScheme !== undefined && said !== '' && byScheme !== (said === 'true'))
    throw new SettingError(`S3_TLS is "${said}" and S3_ENDPOINT is "${text}": leave S3_TLS out.`)
  const style = value('S3_URL_STYLE')
  if (style !== 'path' && style !== 'vhost') throw new SettingError(`S3_URL_STYLE is "${style}": use path or vhost.`)
  const tls = byScheme ?? said !== 'false'
  return {
    endpoint: `${host}:${port === undefined ? (tls ? 443 : 80) : readPort('S3_ENDPOINT’s port', port)}`,
    region: value('S3_REGION'),
    pathStyle: style === 'path',
    tls,
    ...(value('S3_CA_FILE') && { caFile: value('S3_CA_FILE') }),
  }
}

function readPort(name: string, text: string): number {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new SettingError(`${name} is "${text}": use a whole number from 1 to 65535.`)
  return port
}

/** What comes behind the bucket goes into DuckDB's paths, where `*`, `?` and `..` mean something. */
function readS3Path(name: string, text: string): string {
  const path = text.endsWith('/') ? text : `${text}/`
  if (!/^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/([\w.=-]+\/)*$/.test(path) || /\/\.\.?\//.test(path))
    throw new SettingError(`${name} is "${text}": use s3://bucket/prefix/ with letters, digits, dots, hyphens and underscores.`)
  return path
}

/** Folders there are called like schemas, as they are in the lake: one must not get into the other. */
function readPublications(
  value: (name: LakeSettingName) => string,
  storage: StorageAddress,
  dataPath: string,
  otherwise: StorageKey,
): BucketPlace | undefined {
  const place = readPlace('S3_PUBLISH', value, storage, dataPath, otherwise)
  const path = place && `s3://${place.bucket}/${place.prefix}`
  if (path !== undefined && dataPath.startsWith(path))
    throw new SettingError(`S3_PUBLISH_PATH is "${path}", and S3_DATA_PATH is inside of it: use another prefix for each.`)
  return place
}

/** @param otherwise the key of a place that needs none of its own */
function readPlace(
  name: 'S3_RAW' | 'S3_BACKUP' | 'S3_PUBLISH',
  value: (name: LakeSettingName) => string,
  storage: StorageAddress,
  dataPath: string,
  otherwise?: StorageKey,
): BucketPlace | undefined {
  const text = value(`${name}_PATH`)
  if (!text) return undefined
  const path = readS3Path(`${name}_PATH`, text)
  if (path.startsWith(dataPath))
    throw new SettingError(`${name}_PATH is "${path}", inside of S3_DATA_PATH: DuckLake deletes what it does not know in there.`)
  const set = { keyId: value(`${name}_KEY_ID`), secret: value(`${name}_SECRET`) }
  const { keyId, secret } = !set.keyId && !set.secret && otherwise ? otherwise : set
  if (!keyId || !secret) throw new SettingError(`${name}_PATH needs ${name}_KEY_ID and ${name}_SECRET too.`)
  const bucket = bucketOf(path)
  return { kind: 's3', bucket, prefix: path.slice(`s3://${bucket}/`.length), ...storage, keyId, secret }
}
