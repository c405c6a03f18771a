import { k8s } from 'cdk8s-plus-28'
import { Construct } from 'constructs'
import { accept } from './accepted-findings.ts'
import { labels } from './labels.ts'
import type { Minio, MinioProps } from './minio.ts'
import { neighbour, peer, tcp, toDns } from './network-peer.ts'

/** Who may talk to MinIO's pods, whom they may talk to, and how many of them may be away at once. */
export class MinioNetwork extends Construct {
  constructor(scope: Construct, minio: Minio, { clients, exposure }: MinioProps) {
    super(scope, 'network')
    const amongThemselves = minio.servers > 1 ? [neighbour(minio.podLabels)] : []
    new k8s.KubeNetworkPolicy(this, 'servers', {
      metadata: { name: 'minio', labels: labels('minio'), annotations: accept('networkpolicy-targets-pod') },
      spec: {
        podSelector: { matchLabels: minio.podLabels },
        policyTypes: ['Ingress', 'Egress'],
        ingress: [
          {
            from: [
              ...clients.map(peer),
              neighbour(minio.jobLabels),
              ...amongThemselves,
              ...(exposure?.kind === 'ingress' ? [peer({ namespace: exposure.controllerNamespace })] : []),
              ...(exposure?.kind === 'load-balancer' ? exposure.sourceRanges.map(cidr => ({ ipBlock: { cidr } })) : []),
            ],
            ports: tcp(minio.port),
          },
        ],
        // Absent and not empty: the API server drops an empty list, and each apply would count as a change.
        ...(amongThemselves.length > 0 && { egress: [{ to: amongThemselves, ports: tcp(minio.port) }, toDns] }),
      },
    })
    new k8s.KubeNetworkPolicy(this, 'job', {
      metadata: { name: 'minio-job', labels: labels('minio-job'), annotations: accept('networkpolicy-targets-pod') },
      spec: {
        podSelector: { matchLabels: minio.jobLabels },
        policyTypes: ['Ingress', 'Egress'],
        egress: [{ to: [neighbour(minio.podLabels)], ports: tcp(minio.port) }, toDns],
      },
    })
    // A single server has no budget: one would block every drain of its node and keep nothing up.
    if (minio.servers > 1) {
      new k8s.KubePodDisruptionBudget(this, 'budget', {
        metadata: { name: 'minio', labels: labels('minio') },
        spec: {
          maxUnavailable: k8s.IntOrString.fromNumber(1),
          selector: { matchLabels: minio.podLabels },
          unhealthyPodEvictionPolicy: 'AlwaysAllow',
        },
      })
    }
  }
}
