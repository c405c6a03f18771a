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

/** Of the requests of a load, how many may be told to come back: a service that tells more of them serves another rate. */
const mostPostponed = 0.01

/** Does something while requests come. All of them are answered in the end, and all that was acknowledged is there afterwards, once.
 * @returns what became of the requests */
export async function underLoad(run: Run, options: LoadOptions, work: () => Promise<void> | void): Promise<LoadReport> {
  const id = randomUUID()
  const sql = `SELECT count(*) AS n, sum(value)::BIGINT AS total FROM ${tables.uploaded}`
  const end = await run.client.load({
    urls: [serviceUrl],
    read: { sql, rows: query(run, sql).rows },
    table: tables.appended,
    run: id,
    key: adminKey(run),
    ...options,
  })
  let report: LoadReport
  const began = performance.now()
  let workSeconds = 0
  try {
    await sleep(marginMs)
    await work()
    await sleep(marginMs)
  } finally {
    workSeconds = (performance.now() - began) / 1_000
    report = await end()
  }
  const { rows } = query(run, `SELECT count(*) AS n, count(DISTINCT sequence) AS different FROM ${tables.appended} WHERE run = '${id}'`)
  const wanted = `[["${report.acknowledged}","${report.acknowledged}"]]`
  run.report.check(
    report.acknowledged > 0 && rows === wanted && report.unanswered.length === 0,
    `${report.acknowledged} acknowledged appends are there, each once`,
    [rows, ...report.unanswered].join(', '),
  )
  const all = Object.values(report.kinds)
  const sent = all.reduce((sum, kind) => sum + kind.sent, 0)
  const lost = all.flatMap(({ failed }) => Object.keys(failed))
  run.report.check(
    sent >= 0.9 * options.rate * workSeconds && report.seconds >= workSeconds - 1 && lost.length === 0,
    `all of ${sent} requests in ${report.seconds} s are answered in the end`,
    lost.join(', '),
  )
  return report
}

/** Prints what became of the requests of each kind, and holds it to this: no try of any broke, and all were answered. Few may be told to come back
 * in a second, by a service that is asked for more than its CPU gives. */
export function checkNoneFailed({ report }: Run, { kinds }: LoadReport, what: string): void {
  for (const [kind, { sent, failedTries, failed, p50Ms, p99Ms, maxMs }] of Object.entries(kinds))
    console.log(
      `      ${kind}: ${sent} sent, p50 ${p50Ms} ms, p99 ${p99Ms} ms, longest ${maxMs} ms; failed tries: ${counted(failedTries)}, in the end: ${counted(failed)}`,
    )
  const all = Object.values(kinds)
  const sent = all.reduce((sum, kind) => sum + kind.sent, 0)
  const reasons = all.flatMap(({ failedTries, failed }) => [
    ...Object.keys(failedTries).filter(reason => reason !== later),
    ...Object.keys(failed),
  ])
  const postponed = all.reduce((sum, { failedTries }) => sum + (failedTries[later] ?? 0), 0)
  report.check(
    sent > 0 && reasons.length === 0 && postponed <= mostPostponed * sent,
    `${what} fails none of ${sent} requests, at no try`,
    [`${postponed} tries were asked to come back`, ...reasons].join(', '),
  )
}

/** How long nobody got an answer, by kind of request, and what those were told who asked. */
export function describeGap({ kinds }: LoadReport): string {
  const gaps = Object.entries(kinds).map(([kind, { longestGapMs }]) => `${kind} ${(longestGapMs / 1_000).toFixed(1)}`)
  const reasons = Object.values(kinds).flatMap(({ failedTries }) => Object.keys(failedTries))
  return `seconds without an answer: ${gaps.join(', ')}; reasons: ${[...new Set(reasons)].join(', ') || none}`
}

const none = 'none'
const later = '429 tooManyQueries'

function counted(counts: Readonly<Record<string, number>>): string {
  return (
    Object.entries(counts)
      .map(([reason, count]) => `${count} × ${reason}`)
      .join(', ') || none
  )
}
