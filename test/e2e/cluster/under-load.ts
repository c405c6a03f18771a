import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { LoadReport } from './client/load.ts'
import { adminKey, query, serviceUrl, tables } from './lake.ts'
import type { Run } from './run.ts'

interface LoadOptions {
  /** Requests a second. */
  readonly rate: number
  /** @default - the Service */
  readonly urls?: readonly string[]
}

/** How long the load goes on before and after. */
const marginMs = 3_000

/** Does something while requests come. All that was acknowledged is there afterwards, once.
 * @returns what became of the requests */
export async function underLoad(run: Run, options: LoadOptions, work: () => Promise<void> | void): Promise<LoadReport> {
  const id = randomUUID()
  const end = run.client.load({
    urls: [serviceUrl],
    read: tables.uploaded,
    table: tables.appended,
    run: id,
    key: adminKey(run),
    ...options,
  })
  let report: LoadReport
  try {
    await sleep(marginMs)
    await work()
    await sleep(marginMs)
  } finally {
    report = await end()
  }
  const { rows } = query(run, `SELECT count(*) AS n, count(DISTINCT sequence) AS different FROM ${tables.appended} WHERE run = '${id}'`)
  const wanted = `[["${report.acknowledged}","${report.acknowledged}"]]`
  run.report.check(
    rows === wanted && report.unanswered.length === 0,
    `${report.acknowledged} acknowledged appends are there, each once`,
    rows,
  )
  return report
}

/** Requests of all kinds, and how many of them were not answered: at the first try, and however often they were sent. */
export function countFailures({ kinds }: LoadReport) {
  const sum = (counts: Readonly<Record<string, number>>) => Object.values(counts).reduce((total, count) => total + count, 0)
  const all = Object.values(kinds)
  return {
    sent: all.reduce((total, { sent }) => total + sent, 0),
    failedFirst: all.reduce((total, { failedFirst }) => total + sum(failedFirst), 0),
    failed: all.reduce((total, { failed }) => total + sum(failed), 0),
  }
}

/** A line for each kind of request. */
export function describeLoad({ kinds }: LoadReport): string {
  const counted = (counts: Readonly<Record<string, number>>) =>
    Object.entries(counts)
      .map(([reason, count]) => `${count} × ${reason}`)
      .join(', ') || 'none'
  return Object.entries(kinds)
    .map(
      ([kind, tally]) =>
        `      ${kind}: ${tally.sent} sent, failed at first: ${counted(tally.failedFirst)}, in the end: ${counted(tally.failed)}; ` +
        `p50 ${tally.p50Ms} ms, p99 ${tally.p99Ms} ms, longest ${tally.maxMs} ms, longest without an answer ${tally.longestGapMs} ms`,
    )
    .join('\n')
}
