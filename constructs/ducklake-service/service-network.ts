import { k8s } from 'cdk8s-plus-28'
import { Construct } from 'constructs'
import type { Database } from '../database.ts'
import { labels, selectorLabels } from '../labels.ts'
import { type NetworkPeer, peer, portOf, tcp, to, toDns } from '../network-peer.ts'
import type { ObjectStore } from '../object-store.ts'
import { ports } from './service-settings.ts'

/** Where OpenLineage's events go. */
export interface LineageSink {
  /** The address of POST /lineage, or of POST /lineage/batch. */
  readonly url: string
  /** Its pods.
   * @default - anybody at that port: no selector names what is outside of the cluster */
  readonly pods?: NetworkPeer
  /** Sent as a bearer token, from a Secret of the service's namespace that somebody else makes.
   * @default - none */
  readonly token?: { readonly secret: string; readonly key: string }
}

/** HTTPS for callers outside of the cluster. Plain HTTP is not offered: each request has a key in it. */
export interface ServiceIngress {
  readonly host: string
  readonly className: string
  /** A Secret of the service's namespace with the certificate. */
  readonly tlsSecret: string
  /** Where the ingress controller's pods run. */
  readonly controllerNamespace: string
  /** What this controller wants to be told, about the size of bodies for example.
   * @default {} */
  readonly annotations?: Readonly<Record<string, string>>
}

interface ServiceNetworkProps {
  readonly objectStore: ObjectStore
  readonly catalog: Database
  readonly lineage?: LineageSink
  /** Addresses outside of the cluster that the service asks: an OpenID issuer. */
  readonly outside: readonly string[]
  readonly clients: readonly NetworkPeer[]
  readonly scrapers: readonly NetworkPeer[]
  readonly ingress?: ServiceIngress
}

/** Every pod of the service: those that serve, and those of its jobs. */
export const servicePods = { 'app.kubernetes.io/name': 'ducklake-service' }

/** Who may talk to the service's pods, and whom they may talk to. */
export class ServiceNetwork extends Construct {
  constructor(scope: Construct, props: ServiceNetworkProps) {
    super(scope, 'network')
    const { objectStore, catalog, lineage, ingress, scrapers } = props
    const clients = [...props.clients, ...(ingress ? [{ namespace: ingress.controllerNamespace }] : [])]
    new k8s.KubeNetworkPolicy(this, 'in', {
      metadata: { name: 'ducklake-service-in', labels: labels('ducklake-service-in') },
      spec: {
        podSelector: { matchLabels: selectorLabels('ducklake-service') },
        policyTypes: ['Ingress'],
        // Absent and not empty: the API server drops an empty list, and each apply would count as a change.
        ...(clients.length + scrapers.length > 0 && {
          ingress: [
            ...(clients.length > 0 ? [{ from: clients.map(peer), ports: tcp(ports.http) }] : []),
            ...(scrapers.length > 0 ? [{ from: scrapers.map(peer), ports: tcp(ports.metrics) }] : []),
          ],
        }),
      },
    })
    new k8s.KubeNetworkPolicy(this, 'out', {
      metadata: { name: 'ducklake-service-out', labels: labels('ducklake-service-out') },
      spec: {
        podSelector: { matchLabels: servicePods },
        policyTypes: ['Egress'],
        egress: [
          to(objectStore.pods, objectStore.port),
          to(catalog.pods, catalog.port),
          ...(lineage ? [to(lineage.pods, portOf(lineage.url))] : []),
          ...props.outside.map(url => to(undefined, portOf(url))),
          toDns,
        ],
      },
    })
    if (ingress) this.route(ingress)
  }

  private route({ host, className, tlsSecret, annotations }: ServiceIngress): void {
    const service = { name: 'ducklake-service', port: { name: 'http' } }
    new k8s.KubeIngress(this, 'ingress', {
      metadata: { name: 'ducklake-service', labels: labels('ducklake-service'), ...(annotations && { annotations: { ...annotations } }) },
      spec: {
        ingressClassName: className,
        tls: [{ hosts: [host], secretName: tlsSecret }],
        rules: [{ host, http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service } }] } }],
      },
    })
  }
}
