import type { EnvironmentView } from './environment-view.ts'
import { none, type Topic } from './topic.ts'

const loki = 'StatefulSet logging/loki'
const config = 'ConfigMap logging/loki'

export const loggingTopics: readonly Topic[] = [
  {
    what: 'Loki, its index',
    show: view =>
      `${view.at(loki, 'spec.template.spec.containers.0.image')?.replace(/^.*:/, '')}, ${view.at(config, 'data.loki.schema_config.configs.0.store')}`,
    covers: [
      /^StatefulSet logging\/loki \S*image$/,
      /^ConfigMap logging\/loki data\.loki\.(schema_config\.configs\.0\.store|query_range\.cache_\w+|limits_config\.discover_\w+|ruler\.enable_alertmanager_v2)/,
    ],
    why: '2.9 starts in less memory. 3 is maintained, and reads what the other wrote.',
  },
  {
    what: 'lines lie in',
    show: view => {
      const bucket = view.at(config, 'data.loki.common.storage.s3.bucketnames')
      return bucket ? `bucket \`${bucket}\`` : 'a volume'
    },
    covers: [
      /^ConfigMap logging\/loki data\.loki\.(common\.storage|schema_config\.configs\.0\.object_store|compactor\.delete_request_store)/,
      /^StatefulSet logging\/loki \S*containers\.0\.env\.[12]/,
    ],
    why: 'A volume is lost with its node; the bucket is not.',
  },
  {
    what: 'CPU, memory',
    show: view => ['cpu', 'memory'].map(name => view.at(loki, `spec.template.spec.containers.0.resources.limits.${name}`)).join(', '),
    covers: [/^StatefulSet logging\/loki \S*(resources|env\.0\.value)/, /^ConfigMap logging\/loki data\.loki\.ingester\.wal/],
    why: 'Measured: 252 MB at 5,000 lines a second. The rest is for wide queries.',
  },
  {
    what: 'lines are kept',
    show: view => {
      const streams = view.at(config, 'data.loki.limits_config.retention_stream')
      return `${days(view.at(config, 'data.loki.limits_config.retention_period'))}${streams ? '; `debug` and `trace` shorter' : ''}`
    },
    covers: [/^ConfigMap logging\/loki data\.loki\.limits_config\.retention/],
    why: 'What was asked about last month’s incident is asked in production.',
  },
]

function edgesTopic(what: string, policy: string, direction: 'ingress' | 'egress', why: string): Topic {
  return {
    what,
    show: view => view.edges(policy, direction),
    covers: [new RegExp(`^NetworkPolicy ${policy} spec\\.(${direction}|podSelector)`)],
    why,
  }
}

export const networkTopics: readonly Topic[] = [
  edgesTopic(
    'into MinIO',
    'storage/minio',
    'ingress',
    'Loki keeps its lines there, PostgreSQL its backups, and four servers talk to each other.',
  ),
  edgesTopic('out of MinIO', 'storage/minio', 'egress', 'A single server calls nobody.'),
  edgesTopic('into PostgreSQL', 'storage/postgres', 'ingress', 'The operator asks each server how it is, and the servers copy each other.'),
  edgesTopic(
    'out of PostgreSQL',
    'storage/postgres',
    'egress',
    'To its peers, its backups, and the API server, where each server reports.',
  ),
  edgesTopic('out of Loki', 'logging/loki', 'egress', 'To its bucket.'),
  edgesTopic(
    'out of the service',
    'ducklake/ducklake-service-out',
    'egress',
    'The same database, by the labels that its maker gives its pods.',
  ),
]

export const secretTopics: readonly Topic[] = [
  {
    what: 'values are made by',
    show: view =>
      view.named('Password').length > 0 ? `External Secrets, ${view.named('Password').length} once and for ever` : '`npm run secrets`',
    covers: [/^Password /, /^ExternalSecret /],
    why: 'In production nobody’s laptop has them.',
  },
  {
    what: 'copies in other namespaces by',
    show: view => (copies(view) > 0 ? `External Secrets, ${copies(view)} accounts that may read one Secret each` : '`npm run secrets`'),
    covers: [/^(SecretStore|Role|RoleBinding|ServiceAccount|ExternalSecret) /],
    why: 'A pod sees only the Secrets of its own namespace.',
  },
  {
    what: 'PostgreSQL’s administrator',
    show: view => `\`${view.at('Deployment ducklake/ducklake-service', 'spec.template.spec.volumes.1.projected.sources.0.secret.name')}\``,
    covers: [/ducklake-(service|restore-drill) \S*projected\.sources\.0\.secret/],
    why: 'CloudNativePG makes its own.',
  },
]

export const gitOpsTopics: readonly Topic[] = [
  {
    what: 'Applications, chart repositories',
    show: view => {
      const sources: unknown = JSON.parse(view.at('AppProject argocd/ducklake-<environment>', 'spec.sourceRepos') ?? '[]')
      const charts = Array.isArray(sources) ? sources.slice(1).map(source => `\`${source}\``) : []
      return `${view.named('Application').length}, ${charts.join(' and ')}`
    },
    covers: [/^(Application|AppProject) /],
    why: 'The catalog of production is a resource of its operator, not a chart.',
  },
]

function copies(view: EnvironmentView): number {
  return view.named('SecretStore').length
}

function days(hours: string | undefined): string {
  return hours ? `${Number.parseInt(hours, 10) / 24} days` : none
}
