/** One thing that the platform takes from somebody else. A bump is a change of one line here. */
export interface Version {
  readonly version: string
  /** Where it comes from: a chart repository, an image name, an upstream file. */
  readonly source: string
  /** The day its publisher stops mending it, `YYYY-MM-DD`; absent if none is announced. */
  readonly endOfLife?: string
  /** Why it is used although that day has passed, and what ends the exception. */
  readonly waiver?: string
}

/** The Kubernetes release whose field names the typed objects follow (cdk8s-plus-28); newer API servers accept them all. */
const kubernetesTypes: Version = {
  version: '1.28',
  source: 'cdk8s-plus-28',
  endOfLife: '2024-10-28',
  waiver: 'Only the type definitions are of 1.28, the manifests use stable API groups and are tried on 1.35.',
}

export const charts = {
  minio: {
    version: '5.4.0',
    source: 'https://charts.min.io/',
    endOfLife: '2026-02-12',
    waiver:
      'The last published chart of an archived repository. Its image is replaced below; an S3 provider can be swapped behind Storage.',
  },
  postgresql: {
    version: '17.1.0',
    // An OCI repository: Argo CD wants it without the scheme, helm with `oci://`.
    source: 'registry-1.docker.io/bitnamicharts',
  },
  // Grafana's charts moved there in 2026.
  grafana: { version: '12.11.1', source: 'https://grafana-community.github.io/helm-charts' },
  // The operator of the Spark project itself; others have charts of nearly the same name.
  sparkOperator: { version: '1.8.0', source: 'https://apache.github.io/spark-kubernetes-operator' },
} as const satisfies Record<string, Version>

export const images = {
  // MinIO's own images left the public hub in 2026-09. This fork has the fixes of 2026 and answers to `minio` and to `mc`.
  minio: { version: 'RELEASE.2026-09-03T13-18-01Z', source: 'pgsty/silo' },
  postgresql: {
    version: '17.6.0-debian-12-r4',
    source: 'bitnamilegacy/postgresql',
    endOfLife: '2025-08-28',
    waiver: 'Bitnami froze its versioned images; only this repository still serves the one that chart 17.1.0 needs. Development only.',
  },
  // Only the production provider runs it: CloudNativePG's own build of PostgreSQL, which is mended.
  cloudnativePostgresql: { version: '18.4-standard-trixie', source: 'ghcr.io/cloudnative-pg/postgresql', endOfLife: '2030-11-14' },
  loki29: {
    version: '2.9.0',
    source: 'grafana/loki',
    endOfLife: '2024-04-09',
    waiver: 'No end was announced; 3.0 came on that day. Development only: its schema is that of Loki 3, which reads what it wrote.',
  },
  loki3: { version: '3.7.8', source: 'grafana/loki' },
  promtail: {
    version: '2.9.0',
    source: 'grafana/promtail',
    endOfLife: '2026-03-02',
    waiver:
      'Its last code is tried with the whole pipeline, its successor Alloy is not: one prop of an environment takes that one instead.',
  },
  // What ours is built in and runs on; the second one only fetches, and nothing of it stays.
  node: { version: '24.21.0-bookworm-slim', source: 'node', endOfLife: '2028-04-30' },
  python: { version: '3.13.9-slim-bookworm', source: 'python', endOfLife: '2029-10-31' },
  // Ours: `npm run image` makes it.
  ducklakeService: { version: '0.1.0', source: 'ducklake-platform/service' },
  alloy: { version: 'v1.18.1', source: 'grafana/alloy' },
  grafana: { version: '13.2.0', source: 'grafana/grafana' },
  grafanaSidecar: { version: '2.10.1', source: 'kiwigrid/k8s-sidecar' },
  sparkOperator: { version: '1.0.0', source: 'apache/spark-kubernetes-operator' },
} as const satisfies Record<string, Version>

/** Whose field names stand in imports/crds. The operators themselves are installed by whoever runs the cluster. */
export const customResources = {
  argoCd: { version: 'v3.5.1', source: 'argoproj/argo-cd' },
  cloudnativePg: { version: 'v1.30.0', source: 'cloudnative-pg/cloudnative-pg' },
  barmanCloudPlugin: { version: 'v0.14.0', source: 'cloudnative-pg/plugin-barman-cloud' },
  prometheusOperator: { version: 'v0.95.2', source: 'prometheus-operator/prometheus-operator' },
  externalSecrets: { version: 'v2.9.0', source: 'external-secrets/external-secrets' },
  sparkOperator: { version: '1.0.0', source: 'apache/spark-kubernetes-operator' },
} as const satisfies Record<string, Version>

/** DuckDB and its extensions are one version: an extension loads into no other. */
export const extensions = {
  ducklake: { version: '1.5.5', source: 'duckdb-extension-ducklake' },
  httpfs: { version: '1.5.5', source: 'duckdb-extension-httpfs' },
  postgres_scanner: { version: '1.5.5', source: 'duckdb-extension-postgres-scanner' },
} as const satisfies Record<string, Version>

/** What reads published tables in a cluster of its own. Spark 4.2 has no build of Delta yet. */
export const engines = {
  spark: { version: '4.1.4', source: 'pyspark' },
} as const satisfies Record<string, Version>

/** The ingest queue: SQL that any PostgreSQL takes, out of a Python wheel; a server that has it as an extension uses its own. */
export const queue = {
  pgmq: { version: '1.13.0', source: 'pgmq==1.1.4' },
} as const satisfies Record<string, Version>

export const versions = { charts, images, customResources, extensions, engines, queue, kubernetes: { types: kubernetesTypes } } as const
