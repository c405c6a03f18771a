import { k8s } from 'cdk8s-plus-28'
import { Construct } from 'constructs'
import { labels, selectorLabels } from '../labels.ts'
import { type NetworkPeer, peer, portOf, tcp, to, toDns } from '../network-peer.ts'
import type { ObjectStore } from '../object-store.ts'
import { ports } from './configure-loki.ts'

export interface Alertmanager {
  /** `http://host:port`, without a path. */
  readonly url: string
  /** Its pods.
   * @default - anybody at that port: no selector names what is outside of the cluster */
  readonly pods?: NetworkPeer
}

/** What stores the metrics that recording rules make. */
export interface MetricsStore {
  /** Where it takes Prometheus' remote write: `http://host:port/api/v1/write`. */
  readonly url: string
  /** Its pods.
   * @default - anybody at that port */
  readonly pods?: NetworkPeer
}

export interface LokiNetworkProps {
  /** Who may connect. Pushing and asking are one port, which no policy can tell apart. */
  readonly clients: readonly NetworkPeer[]
  readonly alertmanager?: Alertmanager
  readonly metrics?: MetricsStore
  readonly objectStore?: ObjectStore
}

/** Who may talk to Loki's pod, and whom it may talk to. */
export class LokiNetwork extends Construct {
  constructor(scope: Construct, { clients, alertmanager, metrics, objectStore }: LokiNetworkProps) {
    super(scope, 'network')
    const egress = [
      ...(objectStore ? [to(objectStore.pods, objectStore.port)] : []),
      ...(alertmanager ? [to(alertmanager.pods, portOf(alertmanager.url))] : []),
      ...(metrics ? [to(metrics.pods, portOf(metrics.url))] : []),
    ]
    new k8s.KubeNetworkPolicy(this, 'policy', {
      metadata: { name: 'loki', labels: labels('loki') },
      spec: {
        podSelector: { matchLabels: selectorLabels('loki') },
        policyTypes: ['Ingress', 'Egress'],
        ingress: [{ from: clients.map(peer), ports: tcp(ports.http) }],
        // Absent and not empty: the API server drops an empty list, and each apply would count as a change.
        ...(egress.length > 0 && { egress: [...egress, toDns] }),
      },
    })
  }
}
