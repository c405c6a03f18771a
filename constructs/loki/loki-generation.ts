import { images, type Version } from '../versions.ts'
import type { LimitsConfig, LokiConfig, ObjectStoreKind, RulerConfig } from './loki-config.ts'
import type { IndexKind } from './loki-schema.ts'

/** Two configuration formats that Loki has had. Data written by 2.9 is read by 3; the way back is not tried. */
export type LokiGeneration = '2.9' | '3'

interface Generation {
  readonly image: Version
  /** Of a Loki that starts empty. */
  readonly index: IndexKind
  /** Resident memory right after the start, in MiB, measured: what the caches and the lines come on top of. */
  readonly idleMebibytes: number
  readonly ruler: Partial<RulerConfig>
  readonly limits: Partial<LimitsConfig>
  readonly queryRange: Partial<LokiConfig['query_range']>
  readonly compactor: (store: ObjectStoreKind) => Partial<LokiConfig['compactor']>
}

/** What differs in the file that both would else share. Each refuses the other's keys. */
export const generations: Readonly<Record<LokiGeneration, Generation>> = {
  '2.9': {
    image: images.loki29,
    index: 'boltdb-shipper',
    idleMebibytes: 80,
    ruler: { enable_alertmanager_v2: true },
    limits: {},
    queryRange: {},
    compactor: () => ({}),
  },
  '3': {
    image: images.loki3,
    index: 'tsdb',
    idleMebibytes: 180,
    ruler: {},
    // Else Loki adds the label `service_name`, and each stream of 2.9 goes on as another one.
    limits: { discover_service_name: [], discover_log_levels: false },
    // Else each of them takes as much memory as the cache of results.
    queryRange: {
      cache_index_stats_results: false,
      cache_volume_results: false,
      cache_instant_metric_results: false,
      cache_series_results: false,
      cache_label_results: false,
    },
    compactor: store => ({ delete_request_store: store }),
  },
}
