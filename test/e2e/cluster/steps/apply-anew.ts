import { query, tables } from '../lake.ts'
import type { Run } from '../run.ts'

/** Everything but the volumes is deleted, the service's namespace with its Secrets too, and applied again: the lake is as it was. */
export function applyAnew(run: Run): void {
  const { kubectl, platform, report } = run
  const look = () => [
    query(run, `SELECT count(*) AS n, sum(value)::BIGINT AS total FROM ${tables.uploaded}`),
    query(run, `SELECT count(*) AS n, sum(value)::BIGINT AS total FROM ${tables.uploaded}`, { version: 1 }),
    query(run, `SELECT count(*) AS n, count(DISTINCT run) AS runs FROM ${tables.appended}`),
  ]
  const before = look()
  const began = Date.now()
  platform.deleteWorkloads()
  kubectl.run(['delete', 'namespace', 'ducklake', '--wait'])
  const deleted = Date.now()
  platform.apply()
  platform.waitUntilReady()
  const seconds = (ms: number) => Math.round(ms / 1_000)
  console.log(`      deleted in ${seconds(deleted - began)} s, Ready ${seconds(Date.now() - deleted)} s after the first command`)
  const after = look()
  report.check(
    JSON.stringify(after) === JSON.stringify(before),
    'what was deleted and applied anew has its tables, its old versions and its newest snapshot',
    after.map(({ rows, snapshotId }) => `${rows} at ${snapshotId}`).join(', '),
  )
}
