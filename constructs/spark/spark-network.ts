import { k8s } from 'cdk8s-plus-28'
import { Construct } from 'constructs'
import { labels, selectorLabels } from '../labels.ts'
import { type NetworkPeer, neighbour, peer, tcp, to, toDns } from '../network-peer.ts'
import type { ObjectStore } from '../object-store.ts'
import { operatorPods } from './spark-operator-values.ts'
import { ports, sparkPods } from './spark-pod.ts'

/** Who may ask, and what Spark's pods may reach. Who asks may run code in them, so that is the store, names and each other: no API server,
 * no internet, no service. */
export class SparkNetwork extends Construct {
  constructor(scope: Construct, { objectStore, clients }: { objectStore: ObjectStore; clients: readonly NetworkPeer[] }) {
    super(scope, 'network')
    const among = { ports: tcp(ports.master, ports.peer, ports.blocks) }
    new k8s.KubeNetworkPolicy(this, 'default-deny', {
      metadata: { name: 'default-deny', labels: labels('default-deny') },
      spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
    })
    new k8s.KubeNetworkPolicy(this, 'cluster', {
      metadata: { name: 'spark', labels: labels('spark') },
      spec: {
        podSelector: { matchLabels: sparkPods },
        policyTypes: ['Ingress', 'Egress'],
        ingress: [{ from: [neighbour(sparkPods)], ...among }],
        egress: [{ to: [neighbour(sparkPods)], ...among }, to(objectStore.pods, objectStore.port), toDns],
      },
    })
    // Absent and not empty: the API server drops an empty list, and each apply would count as a change.
    if (clients.length > 0)
      new k8s.KubeNetworkPolicy(this, 'connect', {
        metadata: { name: 'spark-connect', labels: labels('spark-connect') },
        spec: {
          podSelector: { matchLabels: selectorLabels('spark-connect') },
          policyTypes: ['Ingress'],
          ingress: [{ from: clients.map(peer), ports: tcp(ports.connect) }],
        },
      })
    new k8s.KubeNetworkPolicy(this, 'operator', {
      metadata: { name: 'spark-operator', labels: labels('spark-operator') },
      spec: {
        podSelector: { matchLabels: operatorPods },
        policyTypes: ['Ingress', 'Egress'],
        // The API server: no selector names it.
        egress: [{ ports: tcp(443, 6443) }, toDns],
      },
    })
  }
}
