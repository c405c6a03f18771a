import { toProblem } from '../../api/ask.ts'
import { explain } from '../../api/plan.ts'
import { say } from '../../parts/announce.tsx'
import { explainedBy } from '../../sql/explained-by.ts'
import { parametersFor } from './parameters.ts'
import { runOf, type Sent } from './run.ts'
import type { Tab } from './tab.ts'
import { changeTab } from './tabs.ts'

/** Asks how a statement is run. @param analyze runs it too, and measures each step */
export async function runPlan(tab: Tab, sent: Sent, analyze: boolean): Promise<boolean> {
  const run = runOf(tab.id)
  const abort = new AbortController()
  run.running.value = { sent, startedAt: performance.now(), abort }
  run.failure.value = undefined
  try {
    const params = parametersFor(sent.sql, tab.params)
    const statement = { sql: sent.sql, ...(params && { params }), ...(tab.asOf && { asOf: tab.asOf }) }
    const plan = await explain(statement, analyze, abort.signal)
    run.plan.value = { sent, plan }
    say('The plan is there', false)
    return true
  } catch (error) {
    if (!abort.signal.aborted) run.failure.value = { problem: toProblem(error), sent, retry: () => runPlan(tab, sent, analyze) }
    return false
  } finally {
    if (run.running.peek()?.abort === abort) run.running.value = undefined
  }
}

/** What `EXPLAIN …` in the editor does: the page shows plans in a view of their own. */
export function runExplain(tab: Tab, { sql, from }: Sent): Promise<boolean> {
  const { start, analyze } = explainedBy(sql)
  changeTab(tab.id, { view: 'plan' })
  return runPlan(tab, { sql: sql.slice(start), from: from + start }, analyze)
}
