import { useEffect } from 'preact/hooks'
import { bytesText, count } from '../../format/numbers.ts'
import { ColumnTypes } from './column-types.tsx'
import { type Draft, obstacle } from './draft.ts'
import { FailedLoad } from './failed-load.tsx'
import { FirstRows } from './first-rows.tsx'
import { checked, checkFile, guessed, loadFile, problem, sending, waitsForCheck } from './load-file.ts'
import { SendingLine } from './sending-line.tsx'
import { sampleBytes } from './take-sample.ts'

/** How long nothing is typed before it is checked. */
const pauseMs = 350

/** What would become of the file: its columns, its first rows, or what is wrong with it. */
export function CheckPane({ draft }: { readonly draft: Draft }) {
  const { file, format, mode, schema, table, csv, types } = draft
  const wrong = obstacle.value
  const what = JSON.stringify([file.name, file.size, file.lastModified, format?.name, mode, schema, table, csv, types, wrong])
  useEffect(() => {
    const timer = setTimeout(() => checkFile(what), pauseMs)
    return () => clearTimeout(timer)
  }, [what])
  const answer = checked.value
  const busy = sending.value
  const columns = mode === 'create' ? guessed.value : answer?.columns
  return (
    <div class="check-pane">
      <div class="load-bar" role="toolbar" aria-label="Load">
        <button type="button" class="primary" disabled={wrong !== undefined || busy?.what === 'load'} onClick={() => loadFile()}>
          {mode === 'create' ? 'Make the table' : 'Add the rows'}
        </button>
        {busy ? <SendingLine sending={busy} /> : <Verdict draft={draft} />}
      </div>
      {waitsForCheck.value && !busy && (
        <p class="empty-line">
          A {format?.name} file can be looked at only as a whole, and this one has {bytesText(file.size)}.{' '}
          <button type="button" onClick={() => checkFile()}>
            Look at it all the same
          </button>
        </p>
      )}
      {problem.value && <FailedLoad problem={problem.value} draft={draft} />}
      {columns && columns.length > 0 && (
        <div class="check-parts">
          <ColumnTypes columns={columns} types={types} changeable={mode === 'create'} />
          {answer?.rows && <FirstRows answer={answer} />}
        </div>
      )}
    </div>
  )
}

function Verdict({ draft: { format, packed, file, mode } }: { readonly draft: Draft }) {
  const answer = checked.value
  if (obstacle.value !== undefined) return <span class="muted">{mode === 'create' || !format ? '' : obstacle.value}</span>
  if (!answer || problem.value) return null
  const part = format?.hasLines && !packed && file.size > sampleBytes
  return (
    <span class="muted" role="status">
      {part ? 'Its beginning was looked at: ' : ''}
      {count(answer.rowCount, 'row')}
      {part ? ' of it' : ''}, {count(answer.columns?.length ?? 0, 'column')}. Nothing is written yet.
    </span>
  )
}
