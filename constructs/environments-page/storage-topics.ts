import { none, type Topic } from './topic.ts'

const cluster = 'Cluster storage/postgres'

export const objectStoreTopics: readonly Topic[] = [
  {
    what: 'servers × drives',
    show: view =>
      `${view.at('values minio', 'replicas') ?? 1} × ${view.at('values minio', 'drivesPerNode') ?? 1}, ${view.at('values minio', 'mode')}`,
    covers: [/^values minio (mode|replicas|drivesPerNode|pools|deploymentUpdate)/],
    why: 'Four drives are the fewest of which one may be away; one server is what fits on one node.',
  },
  {
    what: 'volume of a drive',
    show: view => view.at('values minio', 'persistence.size') ?? none,
    covers: [/^values minio persistence\.size/],
    why: 'Half of what four drives hold is parity.',
  },
  {
    what: 'ready when',
    show: view => {
      const probe = 'extraContainers.0.readinessProbe'
      const delay = view.at('values minio', `${probe}.initialDelaySeconds`)
      return `\`${view.at('values minio', `${probe}.httpGet.path`)}\` answers${delay ? `, not before ${delay} s` : ''}`
    },
    covers: [/^values minio extraContainers\.0\.readinessProbe/],
    why: 'A server that has just started answers 403 and 404 for what is there, until it has found its peers.',
  },
  {
    what: 'placement',
    show: view =>
      view.has('PodDisruptionBudget storage/minio') ? 'over nodes, one server away at a time' : 'anywhere, no disruption budget',
    covers: [/^values minio affinity/, /^PodDisruptionBudget storage\/minio/],
    why: 'Writing needs three of four; a budget for a single server would block every drain of its node.',
  },
]

export const catalogTopics: readonly Topic[] = [
  {
    what: 'PostgreSQL by',
    show: view =>
      view.has(cluster)
        ? `CloudNativePG, ${view.at(cluster, 'spec.instances')} servers, ${view.at(cluster, 'spec.imageName')?.replace(/^.*:/, '')}`
        : `Bitnami’s chart, 1 server, ${view.at('values postgres', 'image.tag')}`,
    covers: [/^Cluster storage/, /^values postgres/],
    why: 'Only the operator fails over. Without an operator the chart is the least that runs.',
  },
  {
    what: 'volume, memory',
    show: view =>
      view.has(cluster)
        ? `${view.at(cluster, 'spec.storage.size')} and ${view.at(cluster, 'spec.walStorage.size')} for its log, ${view.at(cluster, 'spec.resources.limits.memory')}`
        : `${view.at('values postgres', 'primary.persistence.size')}, ${view.at('values postgres', 'primary.resources.limits.memory')}`,
    covers: [/^Cluster storage/, /^values postgres/],
    why: 'The catalog grows with files and snapshots, not with rows.',
  },
  {
    what: 'a commit is on',
    show: view =>
      view.has(cluster)
        ? `two servers, and on one while no other is there (\`${view.at(cluster, 'spec.postgresql.synchronous.dataDurability')}\`)`
        : 'one server',
    covers: [/^Cluster storage/],
    why: 'An acknowledged write must survive the server that took it.',
  },
  {
    what: 'its own backups',
    show: view => {
      const store = 'ObjectStore storage/postgres-backups'
      return view.has(store)
        ? `changes at once, a copy by \`${view.at('ScheduledBackup storage/postgres-nightly', 'spec.schedule')}\`, for ${view.at(store, 'spec.retentionPolicy')}`
        : none
    },
    covers: [/^ObjectStore storage/, /^ScheduledBackup storage/],
    why: 'The service’s nightly backup of catalog and files is in both; this one knows every minute of the catalog.',
  },
  {
    what: 'the service connects',
    show: view =>
      `to \`${view.at('ConfigMap ducklake/ducklake-service', 'data.CATALOG_HOST')?.split('.')[0]}\`, TLS ${view.at('ConfigMap ducklake/ducklake-service', 'data.CATALOG_SSLMODE')}`,
    covers: [/^ConfigMap ducklake\/ducklake-service data\.CATALOG_(HOST|SSLMODE)/],
    why: 'The operator makes certificates and moves `-rw` to the server that writes; the chart does neither.',
  },
  {
    what: 'metrics',
    show: view => (view.has('PodMonitor storage/postgres') ? 'PodMonitor' : none),
    covers: [/^PodMonitor storage/],
    why: 'The chart’s exporter has no image any more.',
  },
]
