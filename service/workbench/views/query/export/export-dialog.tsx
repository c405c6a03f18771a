import { useEffect, useRef, useState } from 'preact/hooks'
import { type Problem, ProblemError, toProblem } from '../../../api/ask.ts'
import { type Format, formats } from '../../../api/queries.ts'
import { bytesText, count, grouped } from '../../../format/numbers.ts'
import { type CopyFormat, copyFormats, rowsAs } from '../../../format/rows-as.ts'
import { say } from '../../../parts/announce.tsx'
import { copyText } from '../../../parts/copy-text.ts'
import { Dialog } from '../../../parts/dialog.tsx'
import { type Range, rangeOf, type Selection } from '../../../parts/grid/selection.ts'
import { ProblemBox } from '../../../parts/problem-box.tsx'
import type { Result } from '../run.ts'
import { saveResult } from './save-result.ts'

/** Values that go into the clipboard: more of them are a file's business. */
const maxCopied = 1_000_000

const titles: Readonly<Record<CopyFormat | Format, string>> = {
  tsv: 'TSV, for spreadsheets',
  csv: 'CSV',
  json: 'JSON',
  markdown: 'Markdown',
  insert: 'INSERT statements',
  ndjson: 'NDJSON',
  parquet: 'Parquet',
  arrow: 'Arrow',
}

interface ExportDialogProps {
  readonly result: Result
  /** Indexes of the columns that are shown. */
  readonly shown: readonly number[]
  readonly selection: Selection
  readonly onClose: () => void
}

/** The result as text for another program, or as a file. */
export function ExportDialog({ result: { pages, entry }, shown, selection, onClose }: ExportDialogProps) {
  const range = rangeOf(selection)
  const selected = (range.bottom - range.top + 1) * (range.right - range.left + 1)
  const [onlySelected, setOnlySelected] = useState(selected > 1)
  const all: Range = { top: 0, left: 0, bottom: pages.rowCount - 1, right: shown.length - 1 }
  const { top, left, bottom, right } = onlySelected ? range : all
  const columns = shown.slice(left, right + 1)
  const copied = Math.min(bottom - top + 1, Math.floor(maxCopied / Math.max(columns.length, 1)))
  const wanted = bottom - top + 1
  const what = copied < wanted ? `the first ${count(copied, 'row')} of ${grouped(wanted)}` : count(copied, 'row')

  const copy = (format: CopyFormat) => {
    const text = pages.rows(top, top + copied).then(found =>
      rowsAs(
        format,
        columns.flatMap(index => pages.columns[index] ?? []),
        found.map(row => columns.map(index => row[index] ?? null)),
        true,
      ),
    )
    copyText(text, `Copied: ${what}`)
  }
  return (
    <Dialog title="Copy or save" onClose={onClose}>
      <h3>Copy</h3>
      {selected > 1 && (
        <label class="choice">
          <input type="checkbox" checked={onlySelected} onChange={({ currentTarget }) => setOnlySelected(currentTarget.checked)} />
          Only what is selected
        </label>
      )}
      <p class={copied < wanted ? 'warning' : 'muted'}>
        {what}, {count(columns.length, 'column')}
        {copied < wanted && ': a file has all of them'}
      </p>
      <p class="buttons">
        {copyFormats.map(format => (
          <button key={format} type="button" onClick={() => copy(format)}>
            {titles[format]}
          </button>
        ))}
      </p>
      <h3>Save as a file</h3>
      <SaveButtons queryId={entry.id} rowCount={pages.rowCount} />
    </Dialog>
  )
}

/** Saves the whole result, hidden columns too: it comes from the service as it is. */
function SaveButtons({ queryId, rowCount }: { readonly queryId: string; readonly rowCount: number }) {
  const [saving, setSaving] = useState<{ readonly format: Format; readonly bytes: number }>()
  const [problem, setProblem] = useState<Problem>()
  const abort = useRef<AbortController | undefined>(undefined)
  useEffect(() => () => abort.current?.abort(), [])
  const save = async (format: Format) => {
    abort.current = new AbortController()
    const { signal } = abort.current
    setProblem(undefined)
    setSaving({ format, bytes: 0 })
    try {
      const rows = await saveResult(queryId, format, bytes => setSaving({ format, bytes }), signal)
      say(
        rows !== undefined && rows < rowCount
          ? `Saved: the first ${count(rows, 'row')} of ${grouped(rowCount)}`
          : `Saved: ${count(rowCount, 'row')}`,
      )
    } catch (error) {
      if (!signal.aborted) setProblem(error instanceof ProblemError ? toProblem(error) : brokenOff(error))
    }
    setSaving(undefined)
  }
  return (
    <>
      <p class="muted">
        {count(rowCount, 'row')}, every column. JSON has as many rows as one answer of the service may have, the others have all.
      </p>
      <p class="buttons">
        {formats.map(format => (
          <button key={format} type="button" disabled={saving !== undefined} onClick={() => save(format)}>
            {titles[format]}
          </button>
        ))}
      </p>
      {saving && (
        <p class="buttons">
          <span class="figures">
            {titles[saving.format]}: {bytesText(saving.bytes)}
          </span>
          <button type="button" onClick={() => abort.current?.abort()}>
            Stop
          </button>
        </p>
      )}
      {problem && <ProblemBox problem={problem} />}
    </>
  )
}

function brokenOff(error: unknown): Problem {
  return {
    title: 'Nothing was saved',
    status: 0,
    code: 'unreachable',
    detail: `The answer was cut before its end: try again. (${String(error)})`,
  }
}
