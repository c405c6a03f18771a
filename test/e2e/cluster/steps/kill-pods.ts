import { setTimeout as sleep } from 'node:timers/promises'
import { fields, list } from '../../../../constructs/manifest.ts'
import type { Kubectl } from '../kubectl.ts'
import { query, tables } from '../lake.ts'
import { findLines, leaveLine } from '../log-lines.ts'
import type { Run } from '../run.ts'
import { describeGap, underLoad } from '../under-load.ts'

interface Pod {
  readonly uid: string
  readonly name: string
  readonly ready: boolean
}

/** How long one may take to be replaced. */
const withinMs = 300_000

/** Each pod of the platform is ended in turn, with a second's grace, while callers write and read and repeat what is not answered. It comes
 * back by itself, and nothing that was acknowledged or logged is missing. */
export async function killPods(run: Run): Promise<void> {
  const { kubectl, platform, report } = run
  const contents = () => query(run, `SELECT count(*) AS n, sum(value)::BIGINT AS total FROM ${tables.uploaded}`).rows
  const before = contents()
  const ids: string[] = []
  for (const { namespace, name } of platform.workloads) {
    ids.push(leaveLine(run))
    let readySeconds = 0
    const load = await underLoad(run, { rate: 20 }, async () => {
      const pods = podsOf(kubectl, namespace, name)
      const began = Date.now()
      for (const { name } of pods) kubectl.run(['delete', 'pod', name, '--namespace', namespace, '--grace-period=1', '--wait=false'])
      const replaced = () => {
        const now = podsOf(kubectl, namespace, name)
        return now.length >= pods.length && now.every(({ uid, ready }) => ready && !pods.some(pod => pod.uid === uid))
      }
      while (!replaced()) {
        if (Date.now() - began > withinMs) throw new Error(`${namespace}/${name} is not Ready again after ${withinMs} ms`)
        await sleep(200)
      }
      readySeconds = Math.round((Date.now() - began) / 1_000)
    })
    report.check(contents() === before, `${namespace}/${name} killed: Ready again after ${readySeconds} s; ${describeGap(load)}`)
  }
  const found = (await findLines(run, ids)).filter(lines => lines.length > 0).length
  report.check(found === ids.length, 'the log has a line of before each of these kills', `${found} of ${ids.length}`)
}

function podsOf(kubectl: Kubectl, namespace: string, workload: string): Pod[] {
  const labels = fields(fields(fields(kubectl.get([workload, '--namespace', namespace]).spec).selector).matchLabels)
  const selector = Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',')
  return kubectl.items(['pods', '--namespace', namespace, '--selector', selector]).map(({ metadata, status }) => ({
    uid: String(fields(metadata).uid),
    name: String(fields(metadata).name),
    ready: list(fields(status).conditions).some(condition => fields(condition).type === 'Ready' && fields(condition).status === 'True'),
  }))
}
