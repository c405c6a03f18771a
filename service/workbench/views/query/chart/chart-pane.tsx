import { useEffect, useMemo, useState } from 'preact/hooks'
import { type Problem, toProblem } from '../../../api/ask.ts'
import type { Row } from '../../../api/rows.ts'
import { count } from '../../../format/numbers.ts'
import { ProblemBox } from '../../../parts/problem-box.tsx'
import type { Result } from '../run.ts'
import type { Tab } from '../tab.ts'
import { changeTab } from '../tabs.ts'
import { ChartCanvas } from './chart-canvas.tsx'
import { chartFor } from './chart-choice.ts'
import { ChartControls } from './chart-controls.tsx'
import { chartData } from './chart-data.ts'
import { ChartTable } from './chart-table.tsx'
import { binned } from './histogram.ts'

/** Rows that are drawn: more of them are a matter of GROUP BY. */
const maxRows = 20_000

interface ChartPaneProps {
  readonly tab: Tab
  readonly result: Result
}

/** The result as a drawing, and the same as a table for those who cannot see it. */
export function ChartPane({ tab, result: { pages } }: ChartPaneProps) {
  const [rows, setRows] = useState<readonly Row[]>()
  const [problem, setProblem] = useState<Problem>()
  const load = () => {
    let wanted = true
    setRows(undefined)
    setProblem(undefined)
    pages.rows(0, maxRows).then(
      found => wanted && setRows(found),
      error => wanted && setProblem(toProblem(error)),
    )
    return () => {
      wanted = false
    }
  }
  useEffect(load, [pages])
  const choice = useMemo(() => rows && chartFor(pages.columns, rows, tab.chart), [pages, rows, tab.chart])
  const data = useMemo(() => {
    if (!choice || !rows) return undefined
    return choice.kind === 'histogram' ? binned(choice.y[0] ?? '', pages.columns, rows) : chartData(choice, pages.columns, rows)
  }, [choice, rows])
  if (problem) return <ProblemBox problem={problem} onRetry={load} />
  if (!rows) return <p class="loading" aria-busy="true" />
  if (rows.length === 0) return <p class="muted empty-line">0 rows: there is nothing to draw.</p>
  if (!choice || !data) return <p class="muted empty-line">No column has numbers: a chart needs one, count(*) for example.</p>
  const left = [
    ...(pages.rowCount > rows.length
      ? [`The first ${count(rows.length, 'row')} of ${count(pages.rowCount, 'row')}: GROUP BY draws all.`]
      : []),
    ...data.left,
  ]
  const what = choice.kind === 'histogram' ? `${choice.y[0]}, counted` : `${choice.y.join(', ')} by ${choice.x}`
  return (
    <div class="chart">
      <ChartControls choice={choice} columns={pages.columns} onChange={chart => changeTab(tab.id, { chart })} />
      {left.length > 0 && <p class="warning chart-left">{left.join(' ')}</p>}
      <ChartCanvas kind={choice.kind} data={data} label={`${choice.kind} chart: ${what}. The table below has its values.`} />
      <ChartTable head={choice.kind === 'histogram' ? (choice.y[0] ?? '') : choice.x} data={data} />
    </div>
  )
}
