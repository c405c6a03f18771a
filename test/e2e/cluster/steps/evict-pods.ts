import { selectorLabels } from '../../../../constructs/labels.ts'
import type { Run } from '../run.ts'
import { evict, scale, servicePods, waitForRollout, waitUntilGone } from '../service-pods.ts'
import { checkNoneFailed, underLoad } from '../under-load.ts'

const name = 'ducklake-service'
const budget = {
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name, namespace: 'ducklake' },
  spec: { maxUnavailable: 1, selector: { matchLabels: selectorLabels(name) }, unhealthyPodEvictionPolicy: 'AlwaysAllow' },
}

/** Two pods are evicted one after the other, as drains of their nodes do, with the budget that production has. */
export async function evictPods(run: Run): Promise<void> {
  const { kubectl } = run
  scale(kubectl, 2)
  kubectl.applyObjects([budget])
  try {
    const report = await underLoad(run, { rate: 50 }, async () => {
      const began = Date.now()
      const pods = servicePods(kubectl)
      if (pods.length !== 2) throw new Error(`there are ${pods.length} pods to evict, not two`)
      for (const pod of pods) {
        await evict(kubectl, pod)
        waitUntilGone(kubectl, [pod])
        waitForRollout(kubectl)
      }
      console.log(`      both took ${Math.round((Date.now() - began) / 1_000)} s`)
    })
    checkNoneFailed(run, report, 'the eviction of two pods in turn at 50 requests a second')
  } finally {
    kubectl.run(['delete', 'pdb', name, '--namespace=ducklake'])
    scale(kubectl, 1)
  }
}
