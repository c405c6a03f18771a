import { hostname } from 'node:os'
import { isScalar, parseDocument, visit } from 'yaml'

// The configurations of the cluster with other places and shorter intervals. Stages, labels, limits, schema, retention and rules stay.

/** A pod whose log is read. */
export interface LoggedPod {
  readonly namespace: string
  readonly name: string
  readonly uid: string
  readonly container: string
  readonly app: string
}

export interface Places {
  /** Of all that Loki writes. */
  readonly data: string
  readonly rules: string
  /** Instead of the node's /var/log/pods. */
  readonly pods: string
  readonly positions: string
  readonly lokiPort: number
  readonly grpcPort: number
  readonly promtailPort: number
  readonly alertmanager: string
  /** Instead of the cluster's object store: `host:port` and the bucket. */
  readonly s3?: { readonly endpoint: string; readonly bucket: string }
}

export function lokiHere(text: string, places: Places): string {
  const document = parseDocument(text, { version: '1.1' })
  replaceText(document, '/loki', places.data)
  document.setIn(['server', 'http_listen_address'], '127.0.0.1')
  document.setIn(['server', 'http_listen_port'], places.lokiPort)
  document.setIn(['server', 'grpc_listen_address'], '127.0.0.1')
  document.setIn(['server', 'grpc_listen_port'], places.grpcPort)
  document.setIn(['ruler', 'alertmanager_url'], places.alertmanager)
  document.setIn(['ruler', 'storage', 'local', 'directory'], places.rules)
  document.setIn(['ruler', 'evaluation_interval'], '5s')
  document.setIn(['ruler', 'poll_interval'], '5s')
  document.setIn(['compactor', 'compaction_interval'], '5s')
  document.setIn(['compactor', 'retention_delete_delay'], '1s')
  // The check of retention sends old lines, and the index that a querier holds would show them for minutes after they are gone.
  document.setIn(['limits_config', 'reject_old_samples'], false)
  const shipper = text.includes('store: tsdb\n') ? 'tsdb_shipper' : 'boltdb_shipper'
  document.setIn(['storage_config'], document.createNode({ [shipper]: { resync_interval: '5s' } }))
  if (document.hasIn(['common', 'storage', 's3']) && places.s3) {
    document.setIn(['common', 'storage', 's3', 'endpoint'], places.s3.endpoint)
    document.setIn(['common', 'storage', 's3', 'bucketnames'], places.s3.bucket)
  }
  return document.toString({ lineWidth: 0 })
}

export function promtailHere(text: string, places: Places, pods: readonly LoggedPod[]): string {
  const document = parseDocument(text, { version: '1.1' })
  replaceText(document, '/var/log/pods', places.pods)
  document.setIn(['server', 'http_listen_address'], '127.0.0.1')
  document.setIn(['server', 'http_listen_port'], places.promtailPort)
  document.setIn(['positions', 'filename'], places.positions)
  document.setIn(['clients', 0, 'url'], `http://127.0.0.1:${places.lokiPort}/loki/api/v1/push`)
  document.deleteIn(['scrape_configs', 0, 'kubernetes_sd_configs'])
  document.setIn(['scrape_configs', 0, 'static_configs'], document.createNode(pods.map(discovered)))
  return document.toString({ lineWidth: 0, singleQuote: true })
}

/** An alert may wait for no longer than the test does. */
export function rulesHere(text: string): string {
  return text.replace(/^( +for: )\w+$/gm, (_, key) => `${key}5s`)
}

/** What the discovery in a cluster says of a pod. */
function discovered({ namespace, name, uid, container, app }: LoggedPod) {
  return {
    targets: ['localhost'],
    labels: {
      __meta_kubernetes_pod_node_name: hostname(),
      __meta_kubernetes_namespace: namespace,
      __meta_kubernetes_pod_name: name,
      __meta_kubernetes_pod_uid: uid,
      __meta_kubernetes_pod_container_name: container,
      __meta_kubernetes_pod_label_app_kubernetes_io_name: app,
      __meta_kubernetes_pod_phase: 'Running',
    },
  }
}

function replaceText(document: ReturnType<typeof parseDocument>, from: string, to: string): void {
  visit(document, {
    Scalar(_, scalar) {
      if (isScalar(scalar) && typeof scalar.value === 'string' && (scalar.value === from || scalar.value.startsWith(`${from}/`)))
        scalar.value = to + scalar.value.slice(from.length)
    },
  })
}
