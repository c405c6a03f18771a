import { randomUUID } from 'node:crypto'
import { bodyOf } from '../client-pod.ts'
import { question, tables } from '../lake.ts'
import type { Run } from '../run.ts'
import { scale, servicePods } from '../service-pods.ts'
import { checkNoneFailed, underLoad } from '../under-load.ts'

/** Two pods that share nothing but the catalog and the bucket, with a writer that goes from one to the other with every append. */
export async function twoReplicas(run: Run): Promise<void> {
  const { kubectl, client, report } = run
  scale(kubectl, 2)
  const urls = servicePods(kubectl).map(({ url }) => url)
  report.check(urls.length === 2, 'a second pod is Ready beside the first')

  const body = `${JSON.stringify({ run: randomUUID(), sequence: 0 })}\n`
  const headers = { 'content-type': 'application/x-ndjson', 'idempotency-key': randomUUID() }
  const append = (url = '') => question(run, `/v1/tables/main/${tables.appended}/rows`, { method: 'POST', body, headers }, url)
  const [first, second] = client.ask(urls.map(append))
  report.check(
    bodyOf(first).snapshotId === bodyOf(second).snapshotId && second?.headers['idempotent-replayed'] === 'true',
    'an append that is sent to both is done once, and both answer with its snapshot',
    String(bodyOf(first).snapshotId),
  )

  const load = await underLoad(run, { rate: 50, urls }, () => new Promise(resolve => setTimeout(resolve, 15_000)))
  checkNoneFailed(run, load, 'a writer that moves between two pods')
}
