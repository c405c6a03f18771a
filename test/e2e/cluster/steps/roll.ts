import type { Run } from '../run.ts'
import { countFailures, describeLoad, underLoad } from '../under-load.ts'

const deployment = ['deployment/ducklake-service', '--namespace=ducklake']

/** A rolling update of the one pod that dev has, at 50 requests a second. */
export async function roll(run: Run): Promise<void> {
  const began = Date.now()
  const report = await underLoad(run, { rate: 50 }, () => {
    run.kubectl.run(['rollout', 'restart', ...deployment])
    run.kubectl.run(['rollout', 'status', ...deployment, '--timeout=300s'])
    console.log(`      the update took ${Math.round((Date.now() - began) / 1_000)} s`)
  })
  console.log(describeLoad(report))
  const { sent, failedFirst, failed } = countFailures(report)
  run.report.check(
    failedFirst === 0 && failed === 0,
    `a rolling update at 50 requests a second fails none of ${sent}`,
    `${failedFirst} at first, ${failed} in the end`,
  )
}
