import { fields } from '../../../../constructs/manifest.ts'
import { query, tables } from '../lake.ts'
import type { Run } from '../run.ts'
import { describeGap, underLoad } from '../under-load.ts'

/** Each pod of the platform is ended in turn, with a second's grace, while callers write and read and repeat what is not answered. It comes
 * back by itself, and nothing that was acknowledged is missing. */
export async function killPods(run: Run): Promise<void> {
  const { kubectl, platform, report } = run
  const contents = () => query(run, `SELECT count(*) AS n, sum(value)::BIGINT AS total FROM ${tables.uploaded}`).rows
  const before = contents()
  for (const { namespace, name } of platform.workloads) {
    const pods = podsOf(namespace, name)
    let readySeconds = 0
    const load = await underLoad(run, { rate: 20 }, () => {
      const began = Date.now()
      for (const pod of pods) kubectl.run(['delete', 'pod', pod, '--namespace', namespace, '--grace-period=1', '--wait'])
      kubectl.run(['rollout', 'status', name, '--namespace', namespace, '--timeout=300s'])
      readySeconds = Math.round((Date.now() - began) / 1_000)
    })
    report.check(contents() === before, `${namespace}/${name} killed: Ready again after ${readySeconds} s; ${describeGap(load)}`)
  }

  function podsOf(namespace: string, workload: string): string[] {
    const labels = fields(fields(fields(kubectl.get([workload, '--namespace', namespace]).spec).selector).matchLabels)
    const selector = Object.entries(labels)
      .map(([key, value]) => `${key}=${value}`)
      .join(',')
    return kubectl
      .items(['pods', '--namespace', namespace, '--selector', selector])
      .filter(({ metadata }) => fields(metadata).deletionTimestamp === undefined)
      .map(({ metadata }) => String(fields(metadata).name))
  }
}
