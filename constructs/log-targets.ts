import type { LogLabel } from './log-labels.ts'

/** Takes the value of labels that were discovered, joined, and sets another one if the expression matches it whole. */
export interface RelabelRule {
  readonly from: readonly `__meta_kubernetes_${string}`[]
  readonly separator?: '/'
  /** RE2. Groups are named `$1` and never `${1}`: Promtail would take that for a variable of its environment.
   * @default - (.*) */
  readonly regex?: string
  /** @default $1 */
  readonly replacement?: string
  readonly to: LogLabel | '__host__' | '__path__'
}

/** Where the container runtime writes the logs of a node's pods. */
export const logFolder = '/var/log/pods'

/** Which pods a collector reads, and the labels that their lines have before a word of them is read. */
export const relabelRules: readonly RelabelRule[] = [
  // Promtail keeps only the targets of its own host.
  { from: ['__meta_kubernetes_pod_node_name'], to: '__host__' },
  { from: ['__meta_kubernetes_namespace'], to: 'namespace' },
  { from: ['__meta_kubernetes_pod_name'], to: 'pod' },
  { from: ['__meta_kubernetes_pod_container_name'], to: 'container' },
  // The container's name, where a chart gives its pods no better one.
  { from: ['__meta_kubernetes_pod_container_name'], to: 'app' },
  { from: ['__meta_kubernetes_pod_label_app_kubernetes_io_name'], regex: '(.+)', to: 'app' },
  { from: ['__meta_kubernetes_pod_container_name'], to: 'service' },
  { from: ['__meta_kubernetes_pod_label_app_kubernetes_io_name'], regex: '(.+)', to: 'service' },
  { from: ['__meta_kubernetes_namespace', '__meta_kubernetes_pod_container_name'], separator: '/', to: 'job' },
  {
    from: ['__meta_kubernetes_namespace', '__meta_kubernetes_pod_label_app_kubernetes_io_name'],
    separator: '/',
    regex: '(.+/.+)',
    to: 'job',
  },
  {
    from: ['__meta_kubernetes_pod_uid', '__meta_kubernetes_pod_container_name'],
    separator: '/',
    replacement: `${logFolder}/*$1/*.log`,
    to: '__path__',
  },
  // The kubelet's own pods, such as the API server, have their folder by a hash and not by their uid.
  {
    from: [
      '__meta_kubernetes_pod_annotationpresent_kubernetes_io_config_hash',
      '__meta_kubernetes_pod_annotation_kubernetes_io_config_hash',
      '__meta_kubernetes_pod_container_name',
    ],
    separator: '/',
    regex: 'true/(.*)',
    replacement: `${logFolder}/*$1/*.log`,
    to: '__path__',
  },
]
