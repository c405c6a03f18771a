import { type Size, SizeRoundingBehavior } from 'cdk8s'
import type { Cpu } from 'cdk8s-plus-28'
import type { LakeSettingName } from '../../service/lake-settings.ts'
import { numberSettings, type textSettings } from '../../service/settings.ts'
import type { Database } from '../database.ts'
import { lakePrefixes, type ObjectStore } from '../object-store.ts'

type NumberName = keyof typeof numberSettings
type TextName = keyof typeof textSettings

/** Every variable that the service reads. A name that it does not know does not compile. */
export type SettingName = NumberName | TextName | LakeSettingName
export type VariableName = SettingName | `${LakeSettingName | 'LINEAGE_TOKEN'}_FILE`

/** What follows from the pod and its surroundings, and is therefore not set by hand. */
type Derived =
  | ('HOST' | 'PORT' | 'METRICS_PORT' | 'LAKE_DIR' | 'EXTENSION_DIR' | 'SPOOL_DIR')
  | ('ENGINE_MEMORY_MB' | 'ENGINE_DATA_LIMIT_MB' | 'ENGINE_MAX_RSS_MB' | 'ENGINE_SPILL_MB')
  | ('LINEAGE_URL' | 'LINEAGE_TOKEN')

/** Further settings of the service, by their own names.
 * @see docs/service.md for the meaning, default and bounds of each */
export type ServiceSettings = Partial<Readonly<Record<Exclude<NumberName, Derived>, number>>> &
  Partial<Readonly<Record<Exclude<TextName, Derived>, string>>>

export const ports = { http: 8080, metrics: 9464 } as const

/** Where the container has what it reads and writes; the image brings the extensions. */
export const folders = {
  extensions: '/opt/ducklake/extensions',
  lake: '/var/lib/ducklake',
  /** In the other, for programs that have no volume of their own for it. */
  spool: '/var/lib/ducklake/spool',
  secrets: '/etc/ducklake/secrets',
  administrator: '/etc/ducklake/administrator',
} as const

/** What an engine takes beside DuckDB's own memory, in MiB: 275 of data idle, measured, and the values that it hands over. */
const engineOverheadMebibytes = 512

export interface ServiceShape {
  readonly objectStore: ObjectStore
  readonly catalog: Database
  readonly engineMemory: Size
  readonly spill: Size
  readonly lineageUrl: string | undefined
  /** Which settings lie as files in which folder. */
  readonly secretFiles: Readonly<Record<string, string>>
  readonly settings: ServiceSettings
}

/** The service's environment but for its secrets, of which it has the paths. */
export function configureService(shape: ServiceShape): Record<string, string> {
  const { objectStore, catalog, settings } = shape
  const memory = mebibytes(shape.engineMemory)
  const { buckets } = objectStore
  const before = {
    HOST: '0.0.0.0',
    PORT: `${ports.http}`,
    METRICS_PORT: `${ports.metrics}`,
    LAKE_DIR: folders.lake,
    EXTENSION_DIR: folders.extensions,
    SPOOL_DIR: folders.spool,
    // Until every node has heard that the pod leaves; what a preStop hook would wait for.
    SHUTDOWN_DELAY_MS: '10000',
    // A line for each request, which the collectors read.
    LOG_LEVEL: 'info',
    ENGINE_MEMORY_MB: `${memory}`,
    ENGINE_DATA_LIMIT_MB: `${memory + engineOverheadMebibytes}`,
    ENGINE_MAX_RSS_MB: `${memory + engineOverheadMebibytes / 2}`,
    ENGINE_SPILL_MB: `${spillOfEach(shape.spill, settings)}`,
  } as const satisfies Partial<Record<VariableName, string>>
  const after = {
    ...(shape.lineageUrl !== undefined && { LINEAGE_URL: shape.lineageUrl }),
    CATALOG_HOST: catalog.host,
    CATALOG_PORT: `${catalog.port}`,
    CATALOG_DATABASE: catalog.name,
    CATALOG_SSLMODE: catalog.sslMode,
    CATALOG_ADMIN_USER: catalog.administrator.user,
    S3_ENDPOINT: objectStore.url,
    S3_REGION: objectStore.region,
    S3_DATA_PATH: `s3://${buckets.lake}/${lakePrefixes.tables}`,
    S3_RAW_PATH: `s3://${buckets.raw}/`,
    S3_BACKUP_PATH: `s3://${buckets.backups}/lake/`,
    // In the lake's bucket: who may read its files may read their logs, and some readers want both in one.
    S3_PUBLISH_PATH: `s3://${buckets.lake}/${lakePrefixes.published}`,
  } as const satisfies Partial<Record<VariableName, string>>
  const chosen = Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, `${value}`]))
  return { ...before, ...chosen, ...after, ...shape.secretFiles }
}

/** Processes with DuckDB in one pod: those of both pools, and the one of maintenance that comes and goes. */
export function engineCount(settings: ServiceSettings): number {
  const pools = (['ENGINES', 'ENGINES_SHORT', 'ENGINE_SPARES', 'WRITE_ENGINES'] as const).map(name => setting(name, settings))
  return pools.reduce((sum, count) => sum + count, 1)
}

/** Results of background queries lie on the same volume before they are in their bucket. */
export function spillOfEach(spill: Size, settings: ServiceSettings): number {
  const results = setting('BACKGROUND_RUNNING', settings) * setting('RESULT_MAX_MB', settings)
  return Math.floor((mebibytes(spill) - results) / engineCount(settings))
}

export function setting(name: keyof ServiceSettings & NumberName, settings: ServiceSettings): number {
  return settings[name] ?? numberSettings[name].default
}

export function mebibytes(size: Size): number {
  return size.toMebibytes({ rounding: SizeRoundingBehavior.FLOOR })
}

/** `2` and `2000m` are the same. */
export function millicores({ amount }: Cpu): number {
  return amount.endsWith('m') ? Number(amount.slice(0, -1)) : Number(amount) * 1_000
}
