import { type Pod, podsOf } from '../pods.ts'
import type { Run } from '../run.ts'

/** Everything of dev, onto a cluster that has nothing of it. */
export function apply({ kubectl, platform, report }: Run): void {
  const began = Date.now()
  platform.apply()
  platform.waitUntilReady()
  const seconds = Math.round((Date.now() - began) / 1_000)
  const pods = platform.namespaces.flatMap(namespace => podsOf(kubectl, namespace))
  for (const pod of pods) console.log(`      ${describe(pod, began)}`)
  const others = pods.filter(({ ready, phase }) => !ready && phase !== 'Succeeded')
  report.check(
    pods.length >= platform.workloads.length && others.length === 0,
    `all of ${pods.length} pods are Ready, or have done their work`,
    [`${seconds} s after the first command`, ...others.map(({ name }) => `${name} is not`)].join(', '),
  )
}

function describe({ namespace, name, ready, phase, since, restarts }: Pod, began: number): string {
  const seconds = Math.max(0, Math.round((Date.parse(since) - began) / 1_000))
  return `${namespace}/${name}: ${ready ? `Ready after ${seconds} s` : phase}, ${restarts} restarts`
}
