/** The part of Promtail's configuration that we set, with its names. @see https://grafana.com/docs/loki/v2.9.x/send-data/promtail/configuration/ */
export interface PromtailConfig {
  readonly server: { readonly http_listen_port: number; readonly grpc_listen_port: 0; readonly log_level: 'info' }
  readonly clients: readonly [PromtailClient]
  readonly positions: {
    readonly filename: string
    /** Of the default of 10 s, twice the time is read again after a crash. */
    readonly sync_period: '1s'
  }
  readonly scrape_configs: readonly [ScrapeConfig]
}

export interface PromtailClient {
  readonly url: string
  readonly backoff_config: {
    readonly min_period: string
    readonly max_period: string
    /** 0 is for ever: after the default of ten tries the lines are thrown away. */
    readonly max_retries: 0
  }
}

interface ScrapeConfig {
  readonly job_name: string
  readonly kubernetes_sd_configs: readonly [
    { readonly role: 'pod'; readonly selectors: readonly [{ readonly role: 'pod'; readonly field: string }] },
  ]
  readonly relabel_configs: readonly RelabelConfig[]
  readonly pipeline_stages: readonly Readonly<Record<string, unknown>>[]
}

export interface RelabelConfig {
  readonly source_labels: readonly string[]
  readonly separator?: string
  readonly regex?: string
  readonly replacement?: string
  readonly target_label: string
}
