import { production } from '../../../../constructs/environments.ts'
import type { Manifest } from '../../../../constructs/manifest.ts'
import { deployment } from '../../../../main.ts'
import { manifestsOf } from '../../../constructs/synth.ts'
import type { Run } from '../run.ts'
import { evict, mayBeEvicted, scale, servicePods, waitForRollout, waitUntilGone } from '../service-pods.ts'
import { checkNoneFailed, underLoad } from '../under-load.ts'

const name = 'ducklake-service'

/** Two pods are evicted one after the other, as drains of their nodes do, with the budget that production has. */
export async function evictPods(run: Run): Promise<void> {
  const { kubectl } = run
  scale(kubectl, 2)
  kubectl.applyObjects([productionBudget()])
  try {
    const report = await underLoad(run, { rate: 50 }, async () => {
      const began = Date.now()
      const pods = servicePods(kubectl)
      if (pods.length !== 2) throw new Error(`there are ${pods.length} pods to evict, not two`)
      for (const [index, pod] of pods.entries()) {
        await evict(kubectl, pod)
        const other = pods[1 - index]
        if (index === 0 && other)
          run.report.check(!mayBeEvicted(kubectl, other), 'the budget keeps the second pod while the first has not been replaced')
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

function productionBudget(): Manifest {
  const found = manifestsOf(deployment(production()).render()).get(`PodDisruptionBudget ${name}`)
  if (!found) throw new Error(`production has no PodDisruptionBudget ${name}`)
  return found
}
