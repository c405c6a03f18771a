import { signal } from '@preact/signals'
import { useMemo, useState } from 'preact/hooks'
import { Grid, maxRows } from '../../parts/grid/grid.tsx'
import { start } from '../../parts/grid/selection.ts'
import { lazy } from '../../parts/lazy.tsx'
import { ProblemBox } from '../../parts/problem-box.tsx'
import { takeCandidate } from './editor-pane.tsx'
import { Messages } from './messages.tsx'
import { ResultFoot } from './result-foot.tsx'
import { ResultTabs } from './result-tabs.tsx'
import { type Failure, runOf } from './run.ts'
import type { Tab } from './tab.ts'
import { changeTab } from './tabs.ts'

const ChartPane = lazy(() => import('./chart/chart-pane.tsx').then(module => module.ChartPane))
const ProfileDialog = lazy(() => import('./profile/profile-dialog.tsx').then(module => module.ProfileDialog))
const PlanPane = lazy(() => import('./plan/plan-pane.tsx').then(module => module.PlanPane))

/** What came of the statements of a tab. After a failure the result before stays in sight. */
export function ResultPane({ tab }: { readonly tab: Tab }) {
  const run = runOf(tab.id)
  const [failure, result] = [run.failure.value, run.result.value]
  const [profiled, setProfiled] = useState<number>()
  const selection = useMemo(() => signal(start), [result])
  const shown = useMemo(() => {
    const hidden = new Set(tab.hidden)
    return result?.pages.columns.flatMap(({ name }, index) => (hidden.has(name) ? [] : [index]))
  }, [result, tab.hidden])
  return (
    <div class="result-pane">
      <ResultTabs {...{ tab, result, shown, selection }} />
      {failure && <FailureBox failure={failure} />}
      <div class="result-body" role="tabpanel" id="result-panel" aria-label={tab.view}>
        {tab.view === 'messages' && <Messages messages={run.messages.value} />}
        {tab.view === 'chart' && result && <ChartPane tab={tab} result={result} />}
        {tab.view === 'plan' && <PlanPane tab={tab} />}
        {(tab.view === 'result' || tab.view === 'chart') && !result && (
          <p class="muted empty-line">{run.running.value ? 'It runs.' : 'Ctrl+Enter runs the statement at the cursor.'}</p>
        )}
        {tab.view === 'result' && result && (
          <>
            {result.pages.problem.value && <ProblemBox problem={result.pages.problem.value} />}
            <Grid
              source={result.pages}
              label="Result"
              shown={shown}
              selection={selection}
              onProfile={setProfiled}
              onHide={column => changeTab(tab.id, { hidden: [...(tab.hidden ?? []), result.pages.columns[column]?.name ?? ''] })}
            />
            {result.pages.rowCount === 0 && <p class="muted empty-line">0 rows: the statement has these columns and found nothing.</p>}
            {result.pages.rowCount > maxRows && <p class="muted empty-line">The first 600,000 rows; an export has all of them.</p>}
          </>
        )}
      </div>
      {result && profiled !== undefined && <ProfileDialog result={result} column={profiled} onClose={() => setProfiled(undefined)} />}
      {result && <ResultFoot result={result} />}
    </div>
  )
}

function FailureBox({ failure }: { readonly failure: Failure }) {
  const { problem, sent, retry } = failure
  const { position } = problem
  const before = position === undefined ? '' : sent.sql.slice(0, position)
  const place =
    position === undefined
      ? undefined
      : `line ${before.split('\n').length}, column ${[...(before.split('\n').at(-1) ?? '')].length + 1} of the statement`
  return (
    <ProblemBox
      problem={problem}
      place={place}
      onTake={candidate => takeCandidate(failure, candidate)}
      onRetry={/^(?:sql|statementRefused|forbidden|queryFailed)/.test(problem.code) ? undefined : retry}
    />
  )
}
