import { useEffect, useState } from 'preact/hooks'
import { type Problem, toProblem } from '../../../api/ask.ts'
import { count, grouped } from '../../../format/numbers.ts'
import { Dialog } from '../../../parts/dialog.tsx'
import { ProblemBox } from '../../../parts/problem-box.tsx'
import type { Result } from '../run.ts'
import { type Profile, readProfile } from './read-profile.ts'

interface ProfileDialogProps {
  readonly result: Result
  readonly column: number
  readonly onClose: () => void
}

/** What is in a column: how much, how different, from where to where, and how it is spread. */
export function ProfileDialog({ result, column, onClose }: ProfileDialogProps) {
  const [profile, setProfile] = useState<Profile>()
  const [problem, setProblem] = useState<Problem>()
  const [reads, setReads] = useState(0)
  useEffect(() => {
    const abort = new AbortController()
    setProblem(undefined)
    readProfile(result, column, abort.signal).then(setProfile, error => {
      if (!abort.signal.aborted) setProblem(toProblem(error))
    })
    return () => abort.abort()
  }, [result, column, reads])
  const { name, type } = result.pages.columns[column] ?? { name: '', type: '' }
  return (
    <Dialog title={name.slice(0, 200)} onClose={onClose}>
      <p class="muted">
        {type.slice(0, 200)} · the statement is asked again for this,{' '}
        {result.entry.asOf === null ? 'of the lake as it is now' : 'as of the same version'}
      </p>
      {problem && <ProblemBox problem={problem} onRetry={() => setReads(reads + 1)} />}
      {!profile && !problem && (
        <p class="muted" aria-busy="true">
          It is being counted.
        </p>
      )}
      {profile && <Facts profile={profile} />}
      {profile && profile.spread.length > 0 && <Spread profile={profile} />}
    </Dialog>
  )
}

function Facts({ profile: { rows, values, distinct, least, most } }: { readonly profile: Profile }) {
  const nulls = rows - values
  const share = rows === 0 ? '' : ` (${((nulls / rows) * 100).toFixed(nulls > 0 && nulls / rows < 0.01 ? 2 : 0)} %)`
  const facts: readonly (readonly [string, string])[] = [
    ['Rows', grouped(rows)],
    ['NULL', `${grouped(nulls)}${share}`],
    ['Different values', `about ${grouped(distinct)}`],
    ...(least === null ? [] : [['Least', least.slice(0, 300)] as const]),
    ...(most === null ? [] : [['Most', most.slice(0, 300)] as const]),
  ]
  return (
    <dl class="facts">
      {facts.map(([term, fact]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd dir="auto" class="figures">
            {fact}
          </dd>
        </div>
      ))}
    </dl>
  )
}

function Spread({ profile: { spread, kind } }: { readonly profile: Profile }) {
  const most = spread.reduce((highest, { n }) => Math.max(highest, n), 1)
  return (
    <table class="plain spread">
      <caption>{kind === 'values' ? 'The most frequent values' : 'How the values are spread'}</caption>
      <thead class="unseen">
        <tr>
          <th scope="col">{kind === 'values' ? 'Value' : 'From'}</th>
          <th scope="col">How many</th>
        </tr>
      </thead>
      <tbody>
        {spread.map(({ label, n }) => (
          <tr key={label}>
            <th scope="row" dir="auto">
              {label === '' ? <em class="muted">empty</em> : label}
            </th>
            <td>
              <span class="spread-bar" title={count(n, 'row')}>
                <span style={{ width: `${(n / most) * 100}%` }} />
              </span>
              <span class="figures">{grouped(n)}</span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
