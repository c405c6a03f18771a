import { useEffect, useId, useRef, useState } from 'preact/hooks'
import type { Snapshot } from '../../api/snapshots.ts'
import { momentText } from '../../format/moment.ts'
import { count } from '../../format/numbers.ts'
import { useVirtual } from '../../parts/grid/use-virtual.ts'
import { pickBeside, pickVersion } from './picks.ts'
import { nameOf } from './table-choice.tsx'
import type { TimeLine } from './time-line.ts'
import { figuresText, sumOf, titleOf } from './words.ts'

interface TimeLineListProps {
  readonly timeLine: TimeLine
  readonly versions: readonly string[]
}

/** Pixels; styles/snapshots.css has the same. */
const lineHeight = 42

/** Lines before the end at which the next page is fetched. */
const ahead = 40

/** Any number of versions, newest first, of which those in sight are on the page. One stop of the Tab key: arrows, Home, End and Page keys
 * move, Enter picks, Space picks a second one. */
export function TimeLineList({ timeLine, versions }: TimeLineListProps) {
  const id = useId()
  const element = useRef<HTMLDivElement>(null)
  const [active, setActive] = useState(0)
  const snapshots = timeLine.snapshots.value
  const virtual = useVirtual({
    count: snapshots.length,
    getScrollElement: () => element.current,
    estimateSize: () => lineHeight,
    overscan: 6,
  })
  const items = virtual.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (snapshots.length > 0 && last + ahead >= snapshots.length) timeLine.more()
  }, [last, snapshots.length, timeLine])
  const [first] = versions
  const shown = useRef<TimeLine | undefined>(undefined)
  useEffect(() => {
    // Once for each time line: to the version that the address names, or to the newest.
    const at = snapshots.findIndex(({ snapshotId }) => snapshotId === first)
    if (shown.current === timeLine || (at < 0 && first !== undefined && !timeLine.whole)) return
    shown.current = timeLine
    setActive(Math.max(at, 0))
    virtual.scrollToIndex(Math.max(at, 0), { align: at < 0 ? 'start' : 'center' })
  }, [timeLine, snapshots])

  const moveTo = (index: number) => {
    const next = Math.min(Math.max(index, 0), snapshots.length - 1)
    setActive(next)
    virtual.scrollToIndex(next)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.metaKey) return
    const snapshot = snapshots[active]
    const page = Math.max(Math.floor((element.current?.clientHeight ?? 0) / lineHeight) - 1, 1)
    const act = {
      ArrowDown: () => moveTo(active + 1),
      ArrowUp: () => moveTo(active - 1),
      PageDown: () => moveTo(active + page),
      PageUp: () => moveTo(active - page),
      Home: () => moveTo(0),
      End: () => moveTo(snapshots.length - 1),
      Enter: () => snapshot && (event.shiftKey ? pickBeside : pickVersion)(snapshot.snapshotId),
      ' ': () => snapshot && pickBeside(snapshot.snapshotId),
    }[event.key]
    if (!act) return
    act()
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <div
      ref={element}
      class="time-line"
      role="listbox"
      tabIndex={0}
      aria-label="Versions, newest first"
      aria-multiselectable="true"
      aria-busy={timeLine.loading.value}
      {...(snapshots.length > 0 && { 'aria-activedescendant': `${id}-${active}` })}
      onKeyDown={onKeyDown}
    >
      <div role="presentation" style={{ height: `${virtual.getTotalSize()}px` }}>
        {items.map(({ index, start }) => {
          const snapshot = snapshots[index]
          return (
            snapshot && (
              <TimeLineLine
                key={snapshot.snapshotId}
                id={`${id}-${index}`}
                snapshot={snapshot}
                place={index + 1}
                size={timeLine.whole ? snapshots.length : -1}
                top={start}
                selected={versions.includes(snapshot.snapshotId)}
                active={active === index}
                onPick={beside => {
                  setActive(index)
                  ;(beside ? pickBeside : pickVersion)(snapshot.snapshotId)
                }}
              />
            )
          )
        })}
      </div>
    </div>
  )
}

interface LineProps {
  readonly id: string
  readonly snapshot: Snapshot
  readonly place: number
  readonly size: number
  readonly top: number
  readonly selected: boolean
  readonly active: boolean
  readonly onPick: (beside: boolean) => void
}

function TimeLineLine({ id, snapshot, place, size, top, selected, active, onPick }: LineProps) {
  const { snapshotId, at, author, tables } = snapshot
  const rows = figuresText(sumOf(snapshot, 'rowsAdded'), sumOf(snapshot, 'rowsRemoved'), 'row')
  const files = figuresText(sumOf(snapshot, 'filesAdded'), sumOf(snapshot, 'filesRemoved'), 'file')
  const names = tables.length > 3 ? count(tables.length, 'table') : [...new Set(tables.map(nameOf))].join(', ')
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list takes the keys for all its lines
    <div
      id={id}
      class={`time-line-line ${active ? 'active' : ''}`}
      role="option"
      tabIndex={-1}
      aria-selected={selected}
      aria-posinset={place}
      aria-setsize={size}
      style={{ transform: `translateY(${top}px)` }}
      onClick={event => onPick(event.shiftKey || event.ctrlKey || event.metaKey)}
    >
      <span class="version figures">{snapshotId}</span>
      <span class="what">
        <span class="what-title" dir="auto">
          {titleOf(snapshot)}
        </span>
        <span class="muted" dir="auto">
          {names}
        </span>
      </span>
      <span class="figures-pair figures">
        <span>{rows}</span>
        <span class="muted">{files}</span>
      </span>
      <span class="who">
        <time dateTime={at} title={at}>
          {momentText(at)}
        </time>
        <span class="muted">{author ?? ''}</span>
      </span>
    </div>
  )
}
