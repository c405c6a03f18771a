import type { IndexKind, SchemaVersion } from './loki-schema.ts'

/** The part of Loki's configuration that we set, with its names. What would be wrong has no type: there is no `store: boltdb`, which Loki
 * accepts and whose lines no retention deletes. @see https://grafana.com/docs/loki/v2.9.x/configure/ */
export interface LokiConfig {
  readonly auth_enabled: false
  readonly server: { readonly http_listen_port: number; readonly grpc_listen_port: number; readonly log_level: 'info' }
  readonly common: {
    readonly instance_addr: string
    readonly path_prefix: string
    readonly replication_factor: 1
    readonly ring: typeof inMemory
    readonly storage: CommonStorage
  }
  readonly schema_config: { readonly configs: readonly PeriodConfig[] }
  readonly ingester: { readonly wal: WalConfig }
  readonly chunk_store_config: { readonly chunk_cache_config: CacheConfig }
  readonly query_range: {
    readonly cache_results: true
    readonly results_cache: { readonly cache: CacheConfig }
  } & Partial<Record<ResultCacheSwitch, false>>
  readonly querier: { readonly max_concurrent: number }
  readonly query_scheduler: { readonly max_outstanding_requests_per_tenant: number }
  readonly compactor: {
    readonly working_directory: string
    readonly retention_enabled: true
    /** Loki 3 refuses retention without it; Loki 2.9 takes the store of the last period. */
    readonly delete_request_store?: ObjectStoreKind
  }
  readonly limits_config: LimitsConfig
  readonly ruler: RulerConfig
  readonly analytics: { readonly reporting_enabled: false }
}

export const inMemory = { kvstore: { store: 'inmemory' } } as const

export type ObjectStoreKind = 'filesystem' | 's3'

/** One of the two: with both Loki refuses to start. */
export type CommonStorage =
  | { readonly filesystem: { readonly chunks_directory: string; readonly rules_directory: string } }
  | {
      readonly s3: {
        /** `host:port`. The keys come from the environment, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. */
        readonly endpoint: string
        readonly insecure: boolean
        readonly region: string
        readonly bucketnames: string
        readonly s3forcepathstyle: true
      }
    }

export interface PeriodConfig {
  readonly from: string
  readonly store: IndexKind
  readonly object_store: ObjectStoreKind
  readonly schema: SchemaVersion
  /** Retention needs tables of exactly one day. */
  readonly index: { readonly prefix: string; readonly period: '24h' }
}

export interface CacheConfig {
  readonly embedded_cache: { readonly enabled: true; readonly max_size_mb: number; readonly ttl: string }
}

/** The result caches of Loki 3 that are copies of the first one, each of its size, unless they are switched off. */
export type ResultCacheSwitch =
  | 'cache_index_stats_results'
  | 'cache_volume_results'
  | 'cache_instant_metric_results'
  | 'cache_series_results'
  | 'cache_label_results'

export interface WalConfig {
  readonly enabled: true
  readonly dir: string
  /** Loki's default of 4 GB is a crash loop in a small pod. */
  readonly replay_memory_ceiling: string
  readonly flush_on_shutdown: boolean
}

export interface LimitsConfig {
  readonly retention_period: string
  readonly retention_stream?: readonly { readonly selector: string; readonly priority: number; readonly period: string }[]
  readonly allow_structured_metadata: boolean
  readonly max_label_names_per_series: number
  readonly max_line_size: string
  readonly max_line_size_truncate: true
  readonly split_queries_by_interval: string
  readonly max_query_parallelism: number
  /** Of Loki 3. */
  readonly discover_service_name?: readonly []
  /** Of Loki 3. */
  readonly discover_log_levels?: false
}

export interface RulerConfig {
  readonly storage: { readonly type: 'local'; readonly local: { readonly directory: string } }
  /** Emptied by Loki at each start, so never the folder above. */
  readonly rule_path: string
  /** How often every rule is looked at. */
  readonly evaluation_interval: string
  readonly ring: typeof inMemory
  readonly enable_api: true
  readonly alertmanager_url?: string
  /** Where what recording rules make is written to; Loki forgets it without. */
  readonly remote_write?: { readonly enabled: true; readonly clients: { readonly metrics: { readonly url: string } } }
  /** What waits for that. The default is a folder beside the program, which is read-only. */
  readonly wal: { readonly dir: string }
  /** Of Loki 2.9, where the default speaks to an interface that Alertmanager no longer has, and each alert is lost. */
  readonly enable_alertmanager_v2?: true
}
