import { useEffect } from 'preact/hooks'
import { bytesText, count, durationText } from '../../../format/numbers.ts'
import { statementFromEditor } from '../editor-pane.tsx'
import { runOf } from '../run.ts'
import { runPlan } from '../run-plan.ts'
import type { Tab } from '../tab.ts'
import { PlanTree } from './plan-tree.tsx'

/** How DuckDB runs the statement whose result is shown, or the one at the cursor: its steps, the last one first. */
export function PlanPane({ tab }: { readonly tab: Tab }) {
  const run = runOf(tab.id)
  const [shown, running, failure, result] = [run.plan.value, run.running.value, run.failure.value, run.result.value]
  const sent = shown?.sent ?? result?.sent ?? statementFromEditor()
  useEffect(() => {
    // To look at a plan costs nothing; to measure it is asked for.
    if (!shown && !running && !failure && sent) runPlan(tab, sent, false)
  }, [shown, running, failure])
  if (!sent) return <p class="muted empty-line">Write a statement first: its plan comes here.</p>
  if (!shown) return running ? <p class="muted empty-line">It is being planned.</p> : null
  const { operators, truncated, totals } = shown.plan
  return (
    <div class="plan">
      <p class="plan-head">
        <button type="button" disabled={running !== undefined} onClick={() => runPlan(tab, shown.sent, true)}>
          {totals ? 'Measure again' : 'Run and measure'}
        </button>
        {totals ? (
          <span class="figures">
            {durationText(totals.seconds * 1_000)} · {count(totals.rowsScanned, 'row')} scanned · {bytesText(totals.peakMemoryBytes)} of
            memory
          </span>
        ) : (
          <span class="muted">Estimates: the statement was not run for this.</span>
        )}
      </p>
      <PlanTree operators={operators} key={`${shown.sent.sql}${totals === null}`} />
      {truncated && <p class="warning">The plan has more steps than these {count(operators.length, 'step')}.</p>}
    </div>
  )
}
