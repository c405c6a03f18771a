import type { Signal } from '@preact/signals'
import type { VirtualItem } from '@tanstack/virtual-core'
import { useState } from 'preact/hooks'
import { typeSign } from '../../format/cell.ts'
import type { GridSource } from './grid-source.ts'
import type { Cell, Selection } from './selection.ts'

interface GridHeadProps {
  readonly id: string
  readonly source: GridSource
  readonly columns: readonly number[]
  readonly cells: readonly VirtualItem[]
  readonly numberWidth: number
  readonly width: number
  readonly active: Cell
  readonly selection: Signal<Selection>
  readonly onResize: (column: number, width: number) => void
  readonly onHide?: ((column: number) => void) | undefined
}

/** The names of the columns, which stay at the top; their right edges are to be dragged (with the keyboard: Alt and arrows). */
export function GridHead({ id, source, columns, cells, numberWidth, width, active, onResize, onHide }: GridHeadProps) {
  const [drag, setDrag] = useState<{ readonly column: number; readonly from: number; readonly size: number }>()
  return (
    <div class="grid-head" role="row" tabIndex={-1} aria-rowindex={1} style={{ width: `${width}px` }}>
      <div class="grid-number" role="columnheader" tabIndex={-1} aria-colindex={1} style={{ width: `${numberWidth}px` }}>
        <span class="unseen">Row</span>
      </div>
      {cells.map(({ index, start, size }) => {
        const { name, type } = source.columns[columns[index] ?? 0] ?? { name: '', type: '' }
        return (
          <div
            key={index}
            id={`${id}--1-${index}`}
            class={`grid-cell grid-column ${active.row === -1 && active.column === index ? 'active' : ''}`}
            role="columnheader"
            tabIndex={-1}
            aria-colindex={index + 2}
            data-row={-1}
            data-column={index}
            title={`${name.slice(0, 1_000)}\n${type.slice(0, 1_000)}`}
            style={{ left: `${start}px`, width: `${size}px` }}
          >
            <span class="type-sign" aria-hidden="true">
              {typeSign(type)}
            </span>
            <span class="grid-name" dir="auto">
              {name.length > 300 ? `${name.slice(0, 300)}…` : name}
            </span>
            {onHide && active.row === -1 && active.column === index && (
              <button type="button" class="link" tabIndex={-1} onClick={() => onHide(columns[index] ?? 0)}>
                hide
              </button>
            )}
            <span
              class="grid-edge"
              onPointerDown={event => {
                event.stopPropagation()
                event.currentTarget.setPointerCapture(event.pointerId)
                setDrag({ column: index, from: event.clientX, size })
              }}
              onPointerMove={event => {
                if (drag?.column === index) onResize(index, drag.size + event.clientX - drag.from)
              }}
              onPointerUp={() => setDrag(undefined)}
            />
          </div>
        )
      })}
    </div>
  )
}
