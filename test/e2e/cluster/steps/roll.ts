import type { Run } from '../run.ts'
import { restart, servicePods, waitUntilGone } from '../service-pods.ts'
import { checkNoneFailed, underLoad } from '../under-load.ts'

/** A rolling update of the one pod that dev has, at 50 requests a second. */
export async function roll(run: Run): Promise<void> {
  const { kubectl } = run
  const before = servicePods(kubectl)
  const report = await underLoad(run, { rate: 50 }, () => {
    const began = Date.now()
    restart(kubectl)
    const ready = Date.now()
    waitUntilGone(kubectl, before)
    console.log(`      the new pod was Ready after ${seconds(ready - began)} s, the old one gone after ${seconds(Date.now() - began)} s`)
  })
  checkNoneFailed(run, report, 'a rolling update at 50 requests a second')
}

function seconds(ms: number): number {
  return Math.round(ms / 1_000)
}
