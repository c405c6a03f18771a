import { useEffect, useState } from 'preact/hooks'
import { type Problem, toProblem } from '../../api/ask.ts'
import { listBetween, type Snapshot, type TableOf } from '../../api/snapshots.ts'
import { count } from '../../format/numbers.ts'
import { ProblemBox } from '../../parts/problem-box.tsx'
import { compare } from './picks.ts'
import { nameOf } from './table-choice.tsx'
import { figuresText } from './words.ts'

interface Changed extends TableOf {
  readonly times: number
  readonly added: bigint | null
  readonly removed: bigint | null
}

/** Two versions of the lake: the tables that were changed in between, each to be compared. */
export function LakeDiffPanel({ versions }: { readonly versions: readonly [string, string] }) {
  const [from, to] = ordered(versions)
  const [changed, setChanged] = useState<readonly Changed[] | 'too many'>()
  const [problem, setProblem] = useState<Problem>()
  const [tries, setTries] = useState(0)
  useEffect(() => {
    setProblem(undefined)
    listBetween(from, to).then(
      found => setChanged(found ? changedIn(found) : 'too many'),
      error => setProblem(toProblem(error)),
    )
  }, [tries])
  return (
    <div class="snapshot-panel">
      <header>
        <h2>
          Version {from} and version {to}
        </h2>
        <p class="muted">
          {changed === 'too many'
            ? 'More than 20,000 versions lie between them: choose a table above.'
            : changed
              ? `${count(changed.length, 'table')} changed in between. Pick one to see its columns and rows.`
              : problem
                ? ''
                : 'They are being compared.'}
        </p>
      </header>
      {problem && <ProblemBox problem={problem} onRetry={() => setTries(tries + 1)} />}
      <ul class="table-changes">
        {(changed === 'too many' ? [] : changed)?.map(({ times, added, removed, ...table }) => (
          <li key={JSON.stringify(table)}>
            <div class="table-change">
              <strong dir="auto">{nameOf(table)}</strong>
              <span class="muted figures">
                {[count(times, 'version'), figuresText(textOf(added), textOf(removed), 'row')].filter(text => text !== '').join(' · ')}
              </span>
            </div>
            <div class="table-acts">
              <button type="button" class="primary" onClick={() => compare(table, from, to)}>
                Compare
              </button>
            </div>
          </li>
        ))}
      </ul>
    </div>
  )
}

/** The earlier version first. */
export function ordered([one, other]: readonly [string, string]): readonly [string, string] {
  return BigInt(one) <= BigInt(other) ? [one, other] : [other, one]
}

function changedIn(snapshots: readonly Snapshot[]): readonly Changed[] {
  const found = new Map<string, Changed>()
  for (const { tables } of snapshots) {
    for (const { schema, table, rowsAdded, rowsRemoved } of tables) {
      const key = JSON.stringify([schema, table])
      const { times, added, removed } = found.get(key) ?? { times: 0, added: 0n, removed: 0n }
      found.set(key, { schema, table, times: times + 1, added: plus(added, rowsAdded), removed: plus(removed, rowsRemoved) })
    }
  }
  return [...found.values()]
}

function plus(sum: bigint | null, figure: string | null): bigint | null {
  return sum === null || figure === null ? null : sum + BigInt(figure)
}

function textOf(sum: bigint | null): string | null {
  return sum === null ? null : String(sum)
}
