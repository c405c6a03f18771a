import { setTimeout as sleep } from 'node:timers/promises'
import { clientLabels } from './client-pod.ts'
import type { Run } from './run.ts'
import { callerNamespace } from './surroundings.ts'

/** How long a cluster may take until a new policy holds. */
const withinMs = 15_000

const name = 'e2e-wall'

/** Lets callers ask for names and go nowhere. */
const wall = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name, namespace: callerNamespace },
  spec: {
    podSelector: { matchLabels: clientLabels },
    policyTypes: ['Egress'],
    egress: [{ ports: ['UDP', 'TCP'].map(protocol => ({ protocol, port: 53 })) }],
  },
}

/** Whether the cluster enforces NetworkPolicies at all, tried with one of its own: open edges mean nothing else where it does not, and are
 * mistakes of the platform's where it does.
 * @param address one that callers reach */
export async function enforcesPolicies({ kubectl, client }: Run, address: string): Promise<boolean> {
  kubectl.applyObjects([wall])
  try {
    const began = Date.now()
    while (client.reach([address])[0] === true) {
      if (Date.now() - began > withinMs) return false
      await sleep(500)
    }
    return true
  } finally {
    kubectl.run(['delete', 'networkpolicy', name, '--namespace', callerNamespace])
  }
}
