import { listQueries } from '../../api/queries.ts'
import { caller, may } from '../../caller.ts'
import { momentText } from '../../format/moment.ts'
import { count, durationText, grouped } from '../../format/numbers.ts'
import { ProblemBox } from '../../parts/problem-box.tsx'
import { go } from '../../router.ts'
import { openTab } from '../query/tabs.ts'
import { useAnswer } from './use-answer.ts'

/** Statements of the history that are looked through, and how many are shown. */
const [looked, shown] = [999, 50]

/** The statements that took longest among the last ones, those that failed too: what ran into its deadline was slow. */
export function SlowPart() {
  const all = may('admin')
  const { answer, problem, again } = useAnswer(signal => listQueries({ all, limit: looked }, signal), `slow ${all} ${caller.value?.id}`)
  const ended = answer?.queries.filter(({ state }) => state !== 'queued' && state !== 'running')
  const slowest = ended?.toSorted((a, b) => (b.durationMs ?? 0) - (a.durationMs ?? 0)).slice(0, shown)
  const oldest = ended?.at(-1)
  return (
    <div class="sections">
      <section>
        <h2>Slow queries</h2>
        {problem && <ProblemBox problem={problem} onRetry={again} />}
        {ended && (
          <p class="muted">
            {oldest
              ? `Of the last ${count(ended.length, 'statement')} of ${all ? 'all keys' : 'this key'} that ended, back to ${momentText(oldest.submittedAt)}, the ${Math.min(shown, ended.length)} that took longest. Failed ones count: what ran into its deadline was slow. ${answer?.next === null ? 'The history has no more.' : `At most ${looked} are looked through; "History" has all.`} `
              : `Nothing has ended yet that ${all ? 'any key' : 'this key'} asked. Run a statement: a second after it has ended it is here. How long statements are remembered HISTORY_DAYS says, 30 days if it says nothing; with 0 none is. `}
            <button type="button" class="link" onClick={again}>
              Look again
            </button>
          </p>
        )}
        {slowest && slowest.length > 0 && (
          <table class="plain wide">
            <thead>
              <tr>
                <th class="number">Took</th>
                <th>Statement</th>
                {all && <th>Key</th>}
                <th>Ended</th>
                <th class="number">Rows</th>
                <th>When</th>
                <td />
              </tr>
            </thead>
            <tbody>
              {slowest.map(({ id, sql, durationMs, keyId, rowCount, submittedAt, kind, state, error }) => (
                <tr key={id}>
                  <td class="number">{durationText(durationMs ?? 0)}</td>
                  <td class="sql">
                    <code dir="auto" title={sql.slice(0, 2_000)}>
                      {sql.slice(0, 300)}
                    </code>
                  </td>
                  {all && (
                    <td>
                      <code>{keyId}</code>
                    </td>
                  )}
                  <td class={state === 'succeeded' ? '' : 'warning'}>{error?.code ?? state}</td>
                  <td class="number">{rowCount === null ? '' : grouped(rowCount)}</td>
                  <td class="when">{momentText(submittedAt)}</td>
                  <td class="acts">
                    {kind !== 'rows' && (
                      <button
                        type="button"
                        aria-label={`Open ${sql.slice(0, 60)}`}
                        onClick={() => {
                          openTab({ sql })
                          go('query')
                        }}
                      >
                        Open
                      </button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </section>
    </div>
  )
}
