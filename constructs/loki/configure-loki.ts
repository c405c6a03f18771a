import { type Duration, type Size, SizeRoundingBehavior } from 'cdk8s'
import type { LogLabel } from '../log-labels.ts'
import type { ObjectStore } from '../object-store.ts'
import { type CacheConfig, type CommonStorage, inMemory, type LokiConfig } from './loki-config.ts'
import { generations, type LokiGeneration } from './loki-generation.ts'
import { periodConfigs, type SchemaPeriod } from './loki-schema.ts'

export const ports = { http: 3100, grpc: 9096 } as const

/** Where the container has its volume, its configuration, and the rules: of tenant `fake`, as Loki calls it when there is only one. */
export const folders = { data: '/loki', config: '/etc/loki/config', rules: '/etc/loki/rules' } as const

/** Lines of some streams that are kept for another time than the rest. */
export interface StreamRetention {
  /** Labels and their values, all of which a stream must have. */
  readonly labels: Partial<Readonly<Record<LogLabel, string>>>
  /** Whole days, at least one. */
  readonly period: Duration
  /** Which entry wins for a stream that several of them name: the highest.
   * @default 1 */
  readonly priority?: number
}

export interface LokiSettings {
  readonly generation: LokiGeneration
  readonly memory: Size
  readonly periods: readonly SchemaPeriod[]
  /** Absent: everything lies on the volume. */
  readonly objectStore?: ObjectStore
  /** Without one, what is in memory is written to the object store when Loki stops. */
  readonly hasVolume: boolean
  readonly retention: Duration
  readonly streamRetention: readonly StreamRetention[]
  readonly resultsCache: Size
  readonly chunkCache: Size
  readonly alertmanagerUrl?: string
  readonly metricsUrl?: string
}

/** Loki's whole configuration: one process that is everything, with one copy of each line. */
export function configureLoki(settings: LokiSettings): LokiConfig {
  const generation = generations[settings.generation]
  const store = settings.objectStore ? 's3' : 'filesystem'
  return {
    auth_enabled: false,
    server: { http_listen_port: ports.http, grpc_listen_port: ports.grpc, log_level: 'info' },
    common: {
      instance_addr: '127.0.0.1',
      path_prefix: folders.data,
      replication_factor: 1,
      ring: inMemory,
      storage: settings.objectStore ? bucket(settings.objectStore) : volume,
    },
    schema_config: { configs: periodConfigs(settings.periods, store) },
    ingester: {
      wal: {
        enabled: true,
        dir: `${folders.data}/wal`,
        replay_memory_ceiling: `${Math.floor(mebibytes(settings.memory) / 2)}MB`,
        flush_on_shutdown: !settings.hasVolume,
      },
    },
    // Both caches always stand here: one that is left out is not off, it takes 1 GB (2.9) or 100 MB (3).
    chunk_store_config: { chunk_cache_config: cache(settings.chunkCache, '1h') },
    query_range: { cache_results: true, results_cache: { cache: cache(settings.resultsCache, '24h') }, ...generation.queryRange },
    querier: { max_concurrent: 4 },
    // A dashboard asks for more parts at once than the default of 2.9 lets wait: "too many outstanding requests".
    query_scheduler: { max_outstanding_requests_per_tenant: 2048 },
    compactor: { working_directory: `${folders.data}/compactor`, retention_enabled: true, ...generation.compactor(store) },
    limits_config: {
      retention_period: hours(settings.retention),
      ...(settings.streamRetention.length > 0 && {
        retention_stream: settings.streamRetention.map(({ labels, period, priority = 1 }) => ({
          selector: selectorOf(labels),
          priority,
          period: hours(period),
        })),
      }),
      allow_structured_metadata: true,
      max_label_names_per_series: 15,
      // A longer line is cut and kept; the default of 3 refuses it.
      max_line_size: '256KB',
      max_line_size_truncate: true,
      split_queries_by_interval: '1h',
      // Each part holds its lines in memory: with the default of 32 one wide query takes what a small pod has.
      max_query_parallelism: 8,
      ...generation.limits,
    },
    ruler: {
      storage: { type: 'local', local: { directory: folders.rules } },
      rule_path: `${folders.data}/rules-temp`,
      evaluation_interval: '1m',
      ring: inMemory,
      enable_api: true,
      ...(settings.alertmanagerUrl !== undefined && { alertmanager_url: settings.alertmanagerUrl }),
      wal: { dir: `${folders.data}/ruler-wal` },
      ...(settings.metricsUrl !== undefined && { remote_write: { enabled: true, clients: { metrics: { url: settings.metricsUrl } } } }),
      ...generation.ruler,
    },
    analytics: { reporting_enabled: false },
  }
}

const volume: CommonStorage = {
  filesystem: { chunks_directory: `${folders.data}/chunks`, rules_directory: `${folders.data}/rules` },
}

function bucket({ host, port, tls, region, buckets }: ObjectStore): CommonStorage {
  return { s3: { endpoint: `${host}:${port}`, insecure: !tls, region, bucketnames: buckets.logs, s3forcepathstyle: true } }
}

function cache(size: Size, ttl: string): CacheConfig {
  return { embedded_cache: { enabled: true, max_size_mb: mebibytes(size), ttl } }
}

function selectorOf(labels: StreamRetention['labels']): string {
  return `{${Object.entries(labels)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(', ')}}`
}

function mebibytes(size: Size): number {
  return size.toMebibytes({ rounding: SizeRoundingBehavior.FLOOR })
}

function hours(period: Duration): string {
  return `${period.toHours()}h`
}
