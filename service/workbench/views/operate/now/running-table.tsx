import { useState } from 'preact/hooks'
import { type Problem, toProblem } from '../../../api/ask.ts'
import { type QueryEntry, remove } from '../../../api/queries.ts'
import { momentText } from '../../../format/moment.ts'
import { durationText, grouped } from '../../../format/numbers.ts'
import { say } from '../../../parts/announce.tsx'
import { ProblemBox } from '../../../parts/problem-box.tsx'

interface RunningTableProps {
  readonly queries: readonly QueryEntry[]
  /** Whether it may be those of others. */
  readonly withKeys: boolean
  readonly onChange: () => void
}

/** Statements that run or wait, each to be cancelled. */
export function RunningTable({ queries, withKeys, onChange }: RunningTableProps) {
  const [problem, setProblem] = useState<Problem>()
  const cancel = async (id: string) => {
    try {
      await remove(id)
      setProblem(undefined)
      say('Cancelled')
    } catch (error) {
      setProblem(toProblem(error))
    }
    onChange()
  }
  if (queries.length === 0) return <p class="muted">None at the moment. What takes less than a second never gets here.</p>
  return (
    <>
      {problem && <ProblemBox problem={problem} />}
      <table class="plain wide">
        <thead>
          <tr>
            <th>Statement</th>
            {withKeys && <th>Key</th>}
            <th>State</th>
            <th class="number">For</th>
            <th class="number">Done</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {queries.map(({ id, sql, keyId, state, submittedAt, durationMs, progress, engine, requestId }) => (
            <tr key={id}>
              <td class="sql">
                <code dir="auto" title={sql.slice(0, 2_000)}>
                  {sql.slice(0, 500)}
                </code>
                <span class="muted where">
                  {[`since ${momentText(submittedAt)}`, engine && `engine ${engine}`, requestId && `request ${requestId}`]
                    .filter(Boolean)
                    .join(' · ')}
                </span>
              </td>
              {withKeys && (
                <td>
                  <code>{keyId}</code>
                </td>
              )}
              <td>{state === 'queued' ? 'waits' : 'runs'}</td>
              <td class="number">{durationMs === null ? '' : durationText(durationMs)}</td>
              <td class="number">
                {progress?.percent != null ? `${Math.floor(progress.percent)} %` : progress?.rows ? `${grouped(progress.rows)} rows` : ''}
              </td>
              <td class="acts">
                <button type="button" aria-label={`Cancel ${sql.slice(0, 60)}`} onClick={() => cancel(id)}>
                  Cancel
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}
