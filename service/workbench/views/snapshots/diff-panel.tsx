import { signal } from '@preact/signals'
import { useEffect, useMemo, useState } from 'preact/hooks'
import { type Problem, toProblem } from '../../api/ask.ts'
import { diffTable, type TableDiff, type TableOf } from '../../api/snapshots.ts'
import { count } from '../../format/numbers.ts'
import { Grid } from '../../parts/grid/grid.tsx'
import { start } from '../../parts/grid/selection.ts'
import { ProblemBox } from '../../parts/problem-box.tsx'
import { diffSource } from './diff-source.ts'
import { ordered } from './lake-diff-panel.tsx'
import { nameOf } from './table-choice.tsx'

/** Rows of the difference that are shown. */
const maxRows = 500

interface DiffPanelProps {
  readonly of: TableOf
  readonly versions: readonly [string, string]
}

/** What is different between two versions of a table: its columns, how many rows, and the first of them. */
export function DiffPanel({ of, versions }: DiffPanelProps) {
  const [from, to] = ordered(versions)
  const [diff, setDiff] = useState<TableDiff>()
  const [problem, setProblem] = useState<Problem>()
  const [tries, setTries] = useState(0)
  useEffect(() => {
    const gone = new AbortController()
    setProblem(undefined)
    diffTable(of, from, to, maxRows, gone.signal).then(setDiff, error => {
      if (!gone.signal.aborted) setProblem(toProblem(error))
    })
    return () => gone.abort()
  }, [tries])
  return (
    <div class="snapshot-panel diff-panel">
      <header>
        <h2 dir="auto">
          {nameOf(of)}: version {from} → {to}
        </h2>
        <p class="muted" aria-busy={!diff && !problem}>
          {diff ? <Counts diff={diff} /> : problem ? '' : 'They are being compared.'}
        </p>
      </header>
      {problem && <ProblemBox problem={problem} onRetry={() => setTries(tries + 1)} />}
      {diff && <Columns diff={diff} />}
      {diff && diff.rows.length > 0 && <Rows diff={diff} />}
    </div>
  )
}

function Counts({ diff }: { readonly diff: TableDiff }) {
  const { insertedCount, deletedCount, updatedCount, was, is, comparedBy, rows, truncated } = diff
  const parts = [
    ...(insertedCount === '0' ? [] : [`${count(insertedCount, 'row')} came`]),
    ...(deletedCount === '0' ? [] : [`${count(deletedCount, 'row')} went`]),
    ...(updatedCount === '0' ? [] : [`${count(updatedCount, 'row')} changed`]),
  ]
  const sentences = [
    parts.length > 0 ? `${parts.join(', ')}.` : 'No row is different.',
    ...(was === 'missing' ? ['The earlier version does not have the table.'] : []),
    ...(is === 'missing' ? ['The later version does not have it any more.'] : []),
    ...(comparedBy === 'values' && was === is ? ['It was made anew in between, so rows are compared by their values.'] : []),
    ...(truncated ? [`The first ${rows.length} are below.`] : []),
  ]
  return <>{sentences.join(' ')}</>
}

function Columns({ diff: { columns } }: { readonly diff: TableDiff }) {
  const lines = [
    ...columns.added.map(({ name, type }) => ['+', name, type] as const),
    ...columns.removed.map(({ name, type }) => ['−', name, type] as const),
    ...columns.changed.map(
      ({ from, to }) =>
        [
          '~',
          from.name === to.name ? to.name : `${from.name} → ${to.name}`,
          from.type === to.type ? to.type : `${from.type} → ${to.type}`,
        ] as const,
    ),
  ]
  if (lines.length === 0) return <p class="muted">The columns are the same.</p>
  return (
    <ul class="column-changes" aria-label="Columns">
      {lines.map(([sign, name, type]) => (
        <li key={`${sign}${name}`}>
          <b class={{ '+': 'good', '−': 'bad', '~': 'changed' }[sign]}>{sign}</b> <code dir="auto">{name}</code>{' '}
          <span class="muted">{type}</span>
        </li>
      ))}
    </ul>
  )
}

function Rows({ diff }: { readonly diff: TableDiff }) {
  const selection = useMemo(() => signal(start), [diff])
  const source = useMemo(() => diffSource(diff), [diff])
  return <Grid source={source} label="Rows that are different" selection={selection} />
}
