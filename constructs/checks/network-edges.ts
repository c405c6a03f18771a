import type { Rule } from '../checks.ts'
import { fields, list, type Manifest, text } from '../manifest.ts'
import { type KnownPod, knownPods, matches } from './known-pods.ts'

type Direction = 'ingress' | 'egress'

/** One line of a policy: pods of these kinds, by these ports. */
interface Edge {
  readonly peers: readonly unknown[]
  readonly ports: readonly string[]
}

export const networkEdgesMeet: Rule = {
  name: 'network-edges-meet',
  fix: 'Open the other end too, with a prop such as clients, or close this one: a connection needs both, and without one it only times out.',
  *find(tree) {
    const pods = knownPods(tree)
    const policies = tree.objects.filter(({ manifest }) => manifest.kind === 'NetworkPolicy')
    const may = (direction: Direction, pod: KnownPod, other: KnownPod, port: string) => {
      const own = policies.filter(({ manifest }) => selects(manifest, pod) && isolates(manifest, direction))
      const edges = own.flatMap(({ manifest }) => edgesOf(manifest, direction))
      return own.length === 0 || edges.some(edge => allows(edge, pod, other) && (edge.ports.length === 0 || edge.ports.includes(port)))
    }
    for (const { construct, manifest } of policies) {
      const own = pods.filter(pod => selects(manifest, pod))
      for (const [direction, opposite, says] of [
        ['egress', 'ingress', 'lets out to'],
        ['ingress', 'egress', 'lets in'],
      ] as const) {
        for (const { peers, ports } of edgesOf(manifest, direction)) {
          for (const [peer, port] of peers.flatMap(peer => ports.map(port => [peer, port] as const))) {
            const pairs = own.flatMap(pod => pods.filter(other => isPeer(peer, pod, other)).map(other => [pod, other] as const))
            const [pair] = pairs
            // Pods that nobody here makes have policies of their own; and of a wide edge one that is used is enough.
            if (!pair || pairs.some(([pod, other]) => may(opposite, other, pod, port))) continue
            yield {
              where: construct,
              what: `NetworkPolicy ${manifest.metadata.name} ${says} ${named(pair[1])} by ${port}, whose own policies do not`,
            }
          }
        }
      }
    }
  },
}

function selects({ metadata, spec }: Manifest, pod: KnownPod): boolean {
  return (metadata.namespace ?? 'default') === pod.namespace && matches(fields(fields(fields(spec).podSelector).matchLabels), pod.labels)
}

function isolates({ spec }: Manifest, direction: Direction): boolean {
  return list(fields(spec).policyTypes).includes(direction === 'ingress' ? 'Ingress' : 'Egress')
}

function edgesOf({ spec }: Manifest, direction: Direction): Edge[] {
  return list(fields(spec)[direction]).map(edge => ({
    peers: list(fields(edge)[direction === 'ingress' ? 'from' : 'to']),
    ports: list(fields(edge).ports).map(port => `${text(fields(port).protocol) ?? 'TCP'} ${fields(port).port}`),
  }))
}

/** An edge without peers is for everybody. */
function allows({ peers }: Edge, pod: KnownPod, other: KnownPod): boolean {
  return peers.length === 0 || peers.some(peer => isPeer(peer, pod, other))
}

function isPeer(peer: unknown, pod: KnownPod, other: KnownPod): boolean {
  const { ipBlock, namespaceSelector, podSelector } = fields(peer)
  if (ipBlock !== undefined) return false
  const namespace = fields(fields(namespaceSelector).matchLabels)['kubernetes.io/metadata.name'] ?? pod.namespace
  return other.namespace === namespace && matches(fields(fields(podSelector).matchLabels), other.labels)
}

function named({ namespace, labels }: KnownPod): string {
  return `${labels['app.kubernetes.io/name'] ?? labels.app ?? 'pods'} in ${namespace}`
}
