import { setTimeout as sleep } from 'node:timers/promises'
import { query, tables } from '../lake.ts'
import { findLines, leaveLine } from '../log-lines.ts'
import { type Pod, podsOf, podsOfWorkload } from '../pods.ts'
import type { Run } from '../run.ts'
import { describeGap, underLoad } from '../under-load.ts'

/** How long one may take to be replaced. */
const withinMs = 300_000

/** Each pod of the platform is ended in turn, with a second's grace, while callers write and read and repeat what is not answered. It comes
 * back by itself, no other pod is started again for it, and nothing that was acknowledged or logged is missing. */
export async function killPods(run: Run): Promise<void> {
  const { kubectl, platform, report } = run
  const contents = () => query(run, `SELECT count(*) AS n, sum(value)::BIGINT AS total FROM ${tables.uploaded}`).rows
  const before = contents()
  const ids: string[] = []
  for (const { namespace, name } of platform.workloads) {
    let readySeconds = 0
    const all = platform.namespaces.flatMap(namespace => podsOf(kubectl, namespace))
    const load = await underLoad(run, { rate: 20 }, async () => {
      const pods = podsOfWorkload(kubectl, namespace, name)
      if (pods.length === 0) throw new Error(`${namespace}/${name} has no pod that could be killed`)
      ids.push(leaveLine(run))
      const began = Date.now()
      for (const { name } of pods) kubectl.run(['delete', 'pod', name, '--namespace', namespace, '--grace-period=1', '--wait=false'])
      const replaced = () => {
        const now = podsOfWorkload(kubectl, namespace, name)
        return now.length >= pods.length && now.every(({ uid, ready }) => ready && !pods.some(pod => pod.uid === uid))
      }
      while (!replaced()) {
        if (Date.now() - began > withinMs) throw new Error(`${namespace}/${name} is not Ready again after ${withinMs} ms`)
        await sleep(200)
      }
      readySeconds = Math.round((Date.now() - began) / 1_000)
    })
    report.check(contents() === before, `${namespace}/${name} killed: Ready again after ${readySeconds} s; ${describeGap(load)}`)
    const restarted = restartedSince(
      all,
      platform.namespaces.flatMap(namespace => podsOf(kubectl, namespace)),
    )
    report.check(restarted.length === 0, 'and no other pod was started again for it', restarted.join(', '))
  }
  const found = (await findLines(run, ids)).filter(lines => lines.length > 0).length
  report.check(ids.length > 0 && found === ids.length, 'the log has the last line before each of these kills', `${found} of ${ids.length}`)
}

/** Pods of before whose containers ended since. */
function restartedSince(before: readonly Pod[], after: readonly Pod[]): string[] {
  return after
    .filter(({ uid, restarts }) => before.some(pod => pod.uid === uid && pod.restarts < restarts))
    .map(({ namespace, name, restarts }) => `${namespace}/${name} has ${restarts} restarts`)
}
