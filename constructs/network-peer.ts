import { k8s } from 'cdk8s-plus-28'

/** Pods that may open a connection: those with the labels in the namespace. */
export interface NetworkPeer {
  readonly namespace: string
  /** @default - every pod of the namespace */
  readonly podLabels?: Readonly<Record<string, string>>
}

export function peer({ namespace, podLabels }: NetworkPeer): k8s.NetworkPolicyPeer {
  return {
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
    ...(podLabels && { podSelector: { matchLabels: podLabels } }),
  }
}

/** Pods of the policy's own namespace. */
export function neighbour(podLabels: Readonly<Record<string, string>>): k8s.NetworkPolicyPeer {
  return { podSelector: { matchLabels: podLabels } }
}

export function tcp(...ports: readonly number[]): k8s.NetworkPolicyPort[] {
  return ports.map(port => ({ protocol: 'TCP', port: k8s.IntOrString.fromNumber(port) }))
}

/** The cluster's name service: without it a pod finds nobody by name. */
export const toDns: k8s.NetworkPolicyEgressRule = {
  to: [
    {
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
      podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
    },
  ],
  ports: [
    { protocol: 'UDP', port: k8s.IntOrString.fromNumber(53) },
    { protocol: 'TCP', port: k8s.IntOrString.fromNumber(53) },
  ],
}

/** @param pods absent for what is outside of the cluster: no selector names it, so anybody at that port is meant. */
export function to(pods: NetworkPeer | undefined, port: number): k8s.NetworkPolicyEgressRule {
  return { ...(pods && { to: [peer(pods)] }), ports: tcp(port) }
}

export function portOf(url: string): number {
  const { port, protocol } = new URL(url)
  return port ? Number(port) : protocol === 'https:' ? 443 : 80
}
