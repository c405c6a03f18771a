import { fields, list } from '../../../../constructs/manifest.ts'
import type { Run } from '../run.ts'

/** Everything of dev, onto a cluster that has nothing of it. */
export function apply({ kubectl, platform, report }: Run): void {
  const began = Date.now()
  platform.apply()
  platform.waitUntilReady()
  report.check(true, 'all pods are Ready', `${Math.round((Date.now() - began) / 1_000)} s after the first command`)
  for (const namespace of platform.namespaces)
    for (const pod of kubectl.items(['pods', '--namespace', namespace])) console.log(`      ${describe(pod, began)}`)
}

function describe(pod: Readonly<Record<string, unknown>>, began: number): string {
  const { metadata, status } = pod
  const { phase, conditions, containerStatuses } = fields(status)
  const ready = list(conditions)
    .map(fields)
    .find(({ type, status }) => type === 'Ready' && status === 'True')
  const restarts = list(containerStatuses).reduce<number>((sum, container) => sum + Number(fields(container).restartCount), 0)
  const seconds = ready && `Ready after ${Math.max(0, Math.round((Date.parse(String(ready.lastTransitionTime)) - began) / 1_000))} s`
  return `${fields(metadata).namespace}/${fields(metadata).name}: ${seconds ?? phase}, ${restarts} restarts`
}
