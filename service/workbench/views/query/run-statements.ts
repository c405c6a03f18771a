import { type Problem, ProblemError, toProblem } from '../../api/ask.ts'
import { look, type QueryEntry, remove, submit, write } from '../../api/queries.ts'
import { loadCatalogue } from '../../catalogue/catalogue.ts'
import { count } from '../../format/numbers.ts'
import { say } from '../../parts/announce.tsx'
import { ResultPages } from '../../parts/grid/result-pages.ts'
import { randomId } from '../../random-id.ts'
import { kindOf } from '../../sql/statements.ts'
import { parametersFor } from './parameters.ts'
import { type Failure, type Message, type Run, runOf, type Sent } from './run.ts'
import { runExplain } from './run-plan.ts'
import type { Tab } from './tab.ts'
import { changeTab } from './tabs.ts'

/** How long one request waits for the end of a statement: as often its progress is shown. */
const waitSeconds = 1

/** How long a service that does not answer is asked again. */
const awayMs = 120_000
const askAgainMs = 1_000

/** Messages of a tab that are kept. */
const maxMessages = 200

/** Runs them one after another, up to the first that fails. What runs already is cancelled before. */
export async function runStatements(tab: Tab, statements: readonly Sent[]): Promise<void> {
  const run = runOf(tab.id)
  await cancel(tab.id)
  for (const sent of statements) {
    if (!(await runOne(tab, run, sent))) return
  }
}

function runOne(tab: Tab, run: Run, sent: Sent): Promise<boolean> {
  const kind = kindOf(sent.sql)
  if (kind === 'plan') return runExplain(tab, sent)
  return kind === 'write' ? runWrite(tab, run, sent, randomId()) : runRead(tab, run, sent)
}

/** The result that is shown stays. */
export async function cancel(tabId: string): Promise<void> {
  const { running } = runOf(tabId)
  const now = running.peek()
  if (!now) return
  running.value = undefined
  now.abort.abort(new Cancelled())
  if (now.entry) await remove(now.entry.id).catch(() => {})
  note(runOf(tabId), { sql: now.sent.sql, outcome: 'cancelled' })
  say('Cancelled')
}

/** Goes on with what a tab showed or ran before the page was loaded again. */
export async function resume(tab: Tab): Promise<void> {
  const { queryId } = tab
  const run = runOf(tab.id)
  if (queryId === undefined || run.running.peek() || run.result.peek() || run.failure.peek()) return
  await follow(tab, run, { sql: tab.sql, from: 0 }, () => look(queryId, 0), true)
}

function runRead(tab: Tab, run: Run, sent: Sent): Promise<boolean> {
  const params = parametersFor(sent.sql, tab.params)
  const statement = { sql: sent.sql, ...(params && { params }), ...(tab.asOf && { asOf: tab.asOf }) }
  return follow(tab, run, sent, () => submit(statement))
}

async function follow(tab: Tab, run: Run, sent: Sent, begin: () => Promise<QueryEntry>, again = false): Promise<boolean> {
  const abort = new AbortController()
  const { signal } = abort
  const startedAt = performance.now()
  run.running.value = { sent, startedAt, abort }
  run.failure.value = undefined
  run.plan.value = undefined
  try {
    let entry = await begin()
    if (signal.aborted) {
      await remove(entry.id).catch(() => {})
      return false
    }
    changeTab(tab.id, { queryId: entry.id })
    while (entry.state === 'queued' || entry.state === 'running') {
      run.running.value = { sent, startedAt, abort, entry }
      entry = await lookAgain(entry, run, signal)
    }
    signal.throwIfAborted()
    return show(tab, run, sent, entry, again)
  } catch (error) {
    if (signal.aborted) return false
    if (again && error instanceof ProblemError && error.problem.status === 404) return false
    return fail(run, { problem: toProblem(error), sent, retry: () => runStatements(tab, [sent]) })
  } finally {
    if (run.running.peek()?.abort === abort) run.running.value = undefined
  }
}

/** Asks again while the service is away: a statement that went on is found, one that ended with it says so. */
async function lookAgain(entry: QueryEntry, run: Run, signal: AbortSignal): Promise<QueryEntry> {
  const until = performance.now() + awayMs
  for (;;) {
    try {
      return await look(entry.id, waitSeconds, signal)
    } catch (error) {
      const away = error instanceof ProblemError && (error.problem.status === 0 || error.problem.status === 503)
      if (!away || signal.aborted || performance.now() > until) throw error
      const now = run.running.peek()
      if (now) run.running.value = { ...now, waiting: true }
      await new Promise(resolve => setTimeout(resolve, askAgainMs))
    }
  }
}

function show(tab: Tab, run: Run, sent: Sent, entry: QueryEntry, again: boolean): boolean {
  const { state, error, columns, rowCount, id } = entry
  if (state === 'cancelled') return fail(run, { problem: ended('queryCancelled', 'The statement was cancelled'), sent })
  if (error)
    return fail(run, { problem: { ...error, title: 'The statement failed', status: 0 }, sent, retry: () => runStatements(tab, [sent]) })
  if (again && !entry.result) return false
  const before = run.result.peek()
  // The text may hold more than what was sent before the page was loaded again.
  const shown = again ? { sql: entry.sql, from: Math.max(tab.sql.indexOf(entry.sql), 0) } : sent
  run.result.value = { sent: shown, pages: new ResultPages(id, columns ?? [], Number(rowCount ?? 0)), entry }
  if (before) remove(before.entry.id).catch(() => {})
  const outcome = `${count(rowCount ?? '0', 'row')} in ${entry.durationMs ?? 0} ms`
  if (!again) {
    note(run, { sql: sent.sql, outcome })
    say(outcome, false)
  }
  return true
}

async function runWrite(tab: Tab, run: Run, sent: Sent, once: string): Promise<boolean> {
  const abort = new AbortController()
  run.running.value = { sent, startedAt: performance.now(), abort }
  run.failure.value = undefined
  try {
    const params = parametersFor(sent.sql, tab.params)
    const answer = await write({ sql: sent.sql, ...(params && { params }) }, once, abort.signal)
    const rows = answer.rowCount === undefined || answer.rowCount === null ? 'Done' : count(String(answer.rowCount), 'row')
    const outcome = `${rows}${answer.snapshotId === null ? '' : ` · version ${answer.snapshotId}`}`
    note(run, { sql: sent.sql, outcome })
    changeTab(tab.id, { view: 'messages' })
    say(outcome)
    await loadCatalogue()
    return true
  } catch (error) {
    if (abort.signal.aborted) return false
    // With the same name of the write: if it was done after all, this finds out instead of doing it twice.
    return fail(run, { problem: toProblem(error), sent, retry: () => runWrite(tab, run, sent, once) })
  } finally {
    if (run.running.peek()?.abort === abort) run.running.value = undefined
  }
}

function fail(run: Run, failure: Failure): false {
  run.failure.value = failure
  note(run, { sql: failure.sent.sql, outcome: failure.problem.detail, problem: failure.problem })
  return false
}

function note({ messages }: Run, message: Omit<Message, 'at'>): void {
  messages.value = [{ at: new Date(), ...message }, ...messages.peek()].slice(0, maxMessages)
}

function ended(code: string, title: string): Problem {
  return { title, status: 0, code, detail: 'It was ended before its result was there.' }
}

class Cancelled extends Error {}
