import { bodyOf } from '../client-pod.ts'
import { query, question, tables } from '../lake.ts'
import type { Run } from '../run.ts'

/** A table is uploaded, asked, changed, and asked as it was. */
export function useLake(run: Run): void {
  const { client, report } = run
  const send = (path: string, type: string, body: string) =>
    bodyOf(client.ask([question(run, path, { method: 'POST', body, headers: { 'content-type': type } })])[0])
  const rows = Array.from({ length: 10_000 }, (_, id) => `${id},${id % 7}`)
  const uploaded = send(`/v1/tables/main/${tables.uploaded}/rows?mode=create`, 'text/csv', `id,value\n${rows.join('\n')}\n`)
  report.check(uploaded.rowCount === 10_000, 'a CSV file becomes a table', `${uploaded.rowCount} rows, snapshot ${uploaded.snapshotId}`)

  const sum = `SELECT count(*) AS n, sum(value)::BIGINT AS total FROM ${tables.uploaded}`
  const [before] = [query(run, sum)]
  report.check(before.rows === '[["10000","29994"]]', 'its sum is right', before.rows)
  send('/v1/statements', 'application/sql', `DELETE FROM ${tables.uploaded} WHERE value = 3`)
  const after = query(run, sum)
  report.check(after.rows === '[["8571","25707"]]', 'and without what was deleted', after.rows)
  const earlier = query(run, sum, { version: Number(uploaded.snapshotId) })
  report.check(earlier.rows === before.rows, `as of version ${uploaded.snapshotId} it is what it was`, earlier.rows)
  send('/v1/statements', 'application/sql', `CREATE TABLE ${tables.appended} (run VARCHAR, sequence BIGINT)`)
}
