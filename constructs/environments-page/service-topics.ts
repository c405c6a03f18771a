import { numberSettings } from '../../service/settings.ts'
import type { EnvironmentView } from './environment-view.ts'
import { none, type Topic } from './topic.ts'

const deployment = 'Deployment ducklake/ducklake-service'
const autoscaler = 'HorizontalPodAutoscaler ducklake/ducklake-service'
const container = 'spec.template.spec.containers.0'

function setting(view: EnvironmentView, name: keyof typeof numberSettings): string {
  return view.at('ConfigMap ducklake/ducklake-service', `data.${name}`) ?? `${numberSettings[name].default}`
}

export const serviceTopics: readonly Topic[] = [
  {
    what: 'pods',
    show: view =>
      view.has(autoscaler)
        ? `${view.at(autoscaler, 'spec.minReplicas')} to ${view.at(autoscaler, 'spec.maxReplicas')} by CPU, one away at a time`
        : `${view.at(deployment, 'spec.replicas')}, no disruption budget`,
    // What a linter may find in one pod is accepted in that Deployment's annotations.
    covers: [/^Deployment \S+ (spec\.replicas|metadata\.annotations)/, /^HorizontalPodAutoscaler /, /^PodDisruptionBudget ducklake/],
    why: 'Three pods survive a node and an update at once.',
  },
  {
    what: 'placement',
    show: view =>
      view.at(deployment, 'spec.template.spec.topologySpreadConstraints') ? 'over nodes and zones as far as they reach' : 'anywhere',
    covers: [/^Deployment \S+ spec\.template\.spec\.(affinity|topologySpreadConstraints)/],
    why: 'A single pod has nothing to be kept apart from.',
  },
  {
    what: 'image',
    show: view => `\`${view.at(deployment, `${container}.image`)}\``,
    covers: [/ducklake-(service|backup|restore-drill) spec\S*[cC]ontainers\.0\.image/],
    why: 'On one node it can be loaded without a registry; many nodes pull it.',
  },
  {
    what: 'engines of a pod',
    show: view =>
      `${setting(view, 'ENGINES')} and ${setting(view, 'ENGINES_SHORT')} for short statements, ${setting(view, 'ENGINE_SPARES')} spare, ${setting(view, 'WRITE_ENGINES')} that write`,
    covers: [/ data\.(ENGINES|ENGINES_SHORT|ENGINE_SPARES|WRITE_ENGINES)$/],
    why: 'An engine runs one statement at a time, and takes a core while it does.',
  },
  {
    what: 'DuckDB’s memory in an engine',
    show: view => `${setting(view, 'ENGINE_MEMORY_MB')} MiB`,
    covers: [/ data\.ENGINE_(MEMORY|DATA_LIMIT|MAX_RSS)/],
    why: 'Beyond it a statement spills to disk.',
  },
  {
    what: 'CPU, memory of a pod',
    show: view => `${cpuOf(view)}, ${view.at(deployment, `${container}.resources.limits.memory`)}`,
    covers: [/ducklake-(service|backup|restore-drill) spec\S*resources\.(limits|requests)\.(cpu|memory)/],
    why: 'All engines at their limits, and the gateway: what follows from the two rows above. On one node the CPU is lent out, so that a second pod fits beside the first.',
  },
  {
    what: 'disk of a pod: spill, bodies of writes',
    show: view =>
      `${view.at(deployment, 'spec.template.spec.volumes.2.emptyDir.sizeLimit')}, ${view.at(deployment, 'spec.template.spec.volumes.3.emptyDir.sizeLimit')}`,
    covers: [/ volumes\.[23]\.emptyDir/, /\.volumes\.[23]\.emptyDir/, /resources\.limits\.ephemeral-storage/, / data\.ENGINE_SPILL_MB/],
    why: 'Both lie on the node’s own disk.',
  },
  {
    what: 'largest upload',
    show: view => `${setting(view, 'UPLOAD_MAX_MB')} MB`,
    covers: [/ data\.UPLOAD_MAX_MB/],
    why: 'Twice as much must fit into the disk for bodies.',
  },
  {
    what: 'way in from outside',
    show: view => {
      const host = view.at('Ingress ducklake/ducklake-service', 'spec.tls.0.hosts.0')
      return host ? `Ingress with TLS, \`${host}\`` : `${none} (\`kubectl port-forward\`)`
    },
    covers: [/^Ingress ducklake/],
    why: 'Each request has a key in it, so there is no way in without TLS, and a certificate needs a name.',
  },
  {
    what: 'metrics, alerts',
    show: view =>
      view.has('ServiceMonitor ducklake/ducklake-service') ? 'ServiceMonitor, PrometheusRule' : 'annotations of the pods, no alerts',
    covers: [/^(ServiceMonitor|PrometheusRule) ducklake/, /annotations\.prometheus\.io/],
    why: 'Alerts are for where somebody is on call, with the Prometheus operator.',
  },
  {
    what: 'backups that are kept',
    show: view => view.at('CronJob ducklake/ducklake-backup', 'spec.jobTemplate.spec.template.spec.containers.0.command.3') ?? none,
    covers: [/^CronJob ducklake\/ducklake-backup \S*command/],
    why: 'Two weeks, as long as PostgreSQL’s own.',
  },
]

/** What is kept free and what may be taken, where they differ. */
function cpuOf(view: EnvironmentView): string {
  const [least, most] = ['requests', 'limits'].map(kind => view.at(deployment, `${container}.resources.${kind}.cpu`))
  return least === most ? `${most}` : `${least} to ${most}`
}
