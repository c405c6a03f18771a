import type { Signal } from '@preact/signals'
import type { VirtualItem } from '@tanstack/virtual-core'
import { useState } from 'preact/hooks'
import { typeSign } from '../../format/cell.ts'
import { Icon, type IconName } from '../icon.tsx'
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
  readonly onProfile?: ((column: number) => void) | undefined
}

/** The names of the columns, which stay at the top; their right edges are to be dragged (with the keyboard: Alt and arrows). */
export function GridHead({ id, source, columns, cells, numberWidth, width, active, onResize, onHide, onProfile }: GridHeadProps) {
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
            {active.row === -1 && active.column === index && (
              <span class="grid-tools">
                {onProfile && <Tool icon="search" name="What is in it" keys="Enter" onClick={() => onProfile(columns[index] ?? 0)} />}
                {onHide && <Tool icon="close" name="Hide it" keys="Delete" onClick={() => onHide(columns[index] ?? 0)} />}
              </span>
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

interface ToolProps {
  readonly icon: IconName
  readonly name: string
  /** On the column's name. */
  readonly keys: string
  readonly onClick: () => void
}

function Tool({ icon, name, keys, onClick }: ToolProps) {
  return (
    <button type="button" class="quiet" tabIndex={-1} aria-label={name} title={`${name} (${keys})`} onClick={onClick}>
      <Icon name={icon} />
    </button>
  )
}
