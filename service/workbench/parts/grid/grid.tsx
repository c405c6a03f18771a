import { type Signal, useSignalEffect } from '@preact/signals'
import { defaultRangeExtractor } from '@tanstack/virtual-core'
import { useEffect, useId, useMemo, useRef, useState } from 'preact/hooks'
import { count, grouped } from '../../format/numbers.ts'
import { rowsAs } from '../../format/rows-as.ts'
import { copyText } from '../copy-text.ts'
import { smallestWidth, widthsFor } from './column-widths.ts'
import { GridCell } from './grid-cell.tsx'
import { GridHead } from './grid-head.tsx'
import type { GridSource } from './grid-source.ts'
import { type Cell, cellAfterKey, holds, rangeOf, type Selection, start } from './selection.ts'
import { useVirtual } from './use-virtual.ts'
import { ValueDialog } from './value-dialog.tsx'

interface GridProps {
  readonly source: GridSource
  readonly label: string
  /** Columns that are shown, as indexes; all of them if it is missing. */
  readonly shown?: readonly number[] | undefined
  readonly selection: Signal<Selection>
  /** What a column's head is asked to do. */
  readonly onHide?: ((column: number) => void) | undefined
  readonly onProfile?: ((column: number) => void) | undefined
}

/** Pixels. styles/grid.css has the same. */
const [rowHeight, headHeight] = [26, 30]

/** Rows that browsers can scroll through: their boxes end at some 17 million pixels. */
export const maxRows = 600_000

/** Cells that are copied at once; more of them are a file's business. */
const maxCopied = 2_000_000

/** Any number of rows and columns, of which those in sight are on the page. One stop of the Tab key; arrows, Home, End and Page keys move in it,
 * with Shift they select, Ctrl+C copies, Enter shows a value whole. The focus stays on the grid, so that no scrolling can lose it. */
export function Grid({ source, label, shown, selection, onHide, onProfile }: GridProps) {
  const id = useId()
  const element = useRef<HTMLDivElement>(null)
  const columns = useMemo(() => shown ?? source.columns.map((_, index) => index), [shown, source])
  const rowCount = Math.min(source.rowCount, maxRows)
  const [widths, setWidths] = useState<readonly number[]>([])
  const [opened, setOpened] = useState<Cell>()
  const [dragging, setDragging] = useState(false)
  const { active } = selection.value
  const numberWidth = 24 + String(rowCount).length * 8
  source.changed.value

  const widthOf = (index: number) => widths[columns[index] ?? 0] ?? 120
  const rows = useVirtual({
    count: rowCount,
    getScrollElement: () => element.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    paddingStart: headHeight,
    scrollPaddingStart: headHeight,
    rangeExtractor: range => withActive(defaultRangeExtractor(range), active.row, rowCount),
  })
  const across = useVirtual({
    count: columns.length,
    horizontal: true,
    getScrollElement: () => element.current,
    estimateSize: widthOf,
    overscan: 2,
    paddingStart: numberWidth,
    scrollPaddingStart: numberWidth,
    rangeExtractor: range => withActive(defaultRangeExtractor(range), active.column, columns.length),
  })

  useEffect(() => {
    selection.value = start
    element.current?.scrollTo(0, 0)
    source.want(0, 1)
    setWidths([])
  }, [source])
  const sampled = widths.length > 0 || (rowCount > 0 && source.rowAt(0) === undefined)
  useEffect(() => {
    if (sampled) return
    const sample = Array.from({ length: Math.min(rowCount, 50) }, (_, index) => source.rowAt(index) ?? [])
    setWidths(widthsFor(source.columns, sample))
  }, [source, sampled])
  useEffect(() => across.measure(), [widths, columns, numberWidth])

  const visible = rows.getVirtualItems()
  const cells = across.getVirtualItems()
  const [first, last] = [rows.range?.startIndex ?? 0, rows.range?.endIndex ?? 0]
  useEffect(() => {
    if (rowCount > 0) source.want(first, last + 1)
  }, [source, first, last, rowCount])
  useSignalEffect(() => {
    const { row, column } = selection.value.active
    if (row >= 0) rows.scrollToIndex(row)
    across.scrollToIndex(column)
  })

  const range = rangeOf(selection.value)
  const busy = visible.some(({ index }) => source.rowAt(index) === undefined)

  function select(to: Cell, extend: boolean): void {
    selection.value = { active: to, anchor: extend ? selection.peek().anchor : to }
  }

  function onKeyDown(event: KeyboardEvent): void {
    const control = event.ctrlKey || event.metaKey
    // Keys may come faster than the page is drawn.
    const { active } = selection.peek()
    if (event.altKey && active.row === -1 && (event.key === 'ArrowLeft' || event.key === 'ArrowRight')) {
      resize(active.column, widthOf(active.column) + (event.key === 'ArrowLeft' ? -16 : 16))
    } else if (control && event.key.toLowerCase() === 'a') {
      selection.value = { active: { row: rowCount - 1, column: columns.length - 1 }, anchor: { row: 0, column: 0 } }
    } else if (control && event.key.toLowerCase() === 'c') copy()
    else if (event.key === 'Enter' && !control) enter(active)
    else if (event.key === 'Delete' && active.row === -1) onHide?.(columns[active.column] ?? 0)
    else {
      const pageRows = Math.max(Math.floor((element.current?.clientHeight ?? 0) / rowHeight) - 2, 1)
      const to = event.altKey ? undefined : cellAfterKey(event.key, control, active, { rows: rowCount, columns: columns.length, pageRows })
      if (!to) return
      select(to, event.shiftKey)
    }
    event.preventDefault()
    event.stopPropagation()
  }

  function enter(cell: Cell): void {
    if (cell.row >= 0) setOpened(cell)
    else onProfile?.(columns[cell.column] ?? 0)
  }

  function copy(): void {
    const { top, left, bottom, right } = rangeOf(selection.peek())
    const chosen = columns.slice(left, right + 1)
    if (bottom < top) {
      const names = chosen.map(index => source.columns[index]?.name ?? '')
      return void copyText(names.join('\t'), `${count(names.length, 'name')} copied`)
    }
    if ((bottom - top + 1) * chosen.length > maxCopied) return void copyText(Promise.reject(new Error('too much, export it as a file')), '')
    const text = source.rows(top, bottom + 1).then(found =>
      rowsAs(
        'tsv',
        chosen.flatMap(index => source.columns[index] ?? []),
        found.map(row => chosen.map(index => row[index] ?? null)),
        false,
      ),
    )
    copyText(text, `${count((bottom - top + 1) * chosen.length, 'value')} copied`)
  }

  function resize(column: number, width: number): void {
    const index = columns[column] ?? 0
    setWidths(widths.map((each, at) => (at === index ? Math.max(width, smallestWidth) : each)))
  }

  function onPointer(event: PointerEvent, extend: boolean): void {
    const cell = cellUnder(event.target)
    if (cell) select(cell, extend)
  }

  return (
    <>
      <div
        ref={element}
        class="grid"
        role="grid"
        tabIndex={0}
        aria-label={label}
        aria-rowcount={source.rowCount + 1}
        aria-colcount={columns.length + 1}
        aria-multiselectable="true"
        aria-busy={busy}
        aria-activedescendant={`${id}-${active.row}-${active.column}`}
        onKeyDown={onKeyDown}
        onPointerDown={event => {
          if (event.button !== 0) return
          onPointer(event, event.shiftKey)
          setDragging(true)
        }}
        onPointerMove={event => {
          if (dragging && event.buttons === 1) onPointer(event, true)
          else if (dragging) setDragging(false)
        }}
        onPointerUp={() => setDragging(false)}
        onDblClick={({ target }) => {
          const cell = cellUnder(target)
          if (cell) enter(cell)
        }}
      >
        <div class="grid-space" role="presentation" style={{ width: `${across.getTotalSize()}px`, height: `${rows.getTotalSize()}px` }}>
          <GridHead
            {...{ id, source, columns, cells, numberWidth, active, selection, onHide, onProfile }}
            onResize={resize}
            width={across.getTotalSize()}
          />
          {visible.map(({ index, start: top }) => {
            const row = source.rowAt(index)
            return (
              <div
                key={index}
                class="grid-row"
                role="row"
                tabIndex={-1}
                aria-rowindex={index + 2}
                style={{ transform: `translateY(${top}px)`, width: `${across.getTotalSize()}px` }}
              >
                <div class="grid-number" role="rowheader" tabIndex={-1} aria-colindex={1} style={{ width: `${numberWidth}px` }}>
                  {grouped(index + 1)}
                </div>
                {cells.map(({ index: column, start: left, size }) => (
                  <GridCell
                    key={column}
                    id={`${id}-${index}-${column}`}
                    value={row?.[columns[column] ?? 0]}
                    type={source.columns[columns[column] ?? 0]?.type ?? ''}
                    selected={holds(range, index, column)}
                    active={active.row === index && active.column === column}
                    {...{ row: index, column, left, size }}
                  />
                ))}
              </div>
            )
          })}
        </div>
      </div>
      {opened && opened.row >= 0 && (
        <ValueDialog
          column={source.columns[columns[opened.column] ?? 0]}
          value={source.rowAt(opened.row)?.[columns[opened.column] ?? 0]}
          onClose={() => setOpened(undefined)}
        />
      )}
    </>
  )
}

function cellUnder(target: EventTarget | null): Cell | undefined {
  const cell = target instanceof Element ? target.closest<HTMLElement>('[data-row]') : null
  return cell ? { row: Number(cell.dataset.row), column: Number(cell.dataset.column) } : undefined
}

/** The active cell is always there: it is what the grid says has the focus. */
function withActive(inSight: readonly number[], active: number, count: number): number[] {
  if (active < 0 || active >= count || inSight.includes(active)) return [...inSight]
  return [...inSight, active].sort((a, b) => a - b)
}
