import { signal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { Icon } from '../parts/icon.tsx'

/** The line that the Tab key leads to; the first one if it is empty. */
export const focusedLine = signal('')

interface TreeLineProps {
  /** No other line has it. */
  readonly path: string
  readonly level: number
  readonly first?: boolean
  /** Whether what is below it is shown; undefined if there can be nothing. */
  readonly open?: boolean
  readonly title?: string
  readonly onToggle?: (open: boolean) => void
  readonly onEnter: () => void
  /** What Enter does, for those who have no keyboard. */
  readonly enterText?: string
  readonly onInsert?: () => void
  readonly onVersions?: () => void
  readonly children: ComponentChildren
}

/** One line of a tree, with the keys that the pattern for trees has: arrows move, open and close, Home and End lead to the ends, Enter does
 * what the line is for, `i` puts its name into the statement, `v` leads to its versions. @see https://www.w3.org/WAI/ARIA/apg/patterns/treeview/ */
export function TreeLine({
  path,
  level,
  first = false,
  open,
  title,
  onToggle,
  onEnter,
  enterText,
  onInsert,
  onVersions,
  children,
}: TreeLineProps) {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !(event.currentTarget instanceof HTMLElement)) return
    if (!onKey(event.key, event.currentTarget)) return
    event.preventDefault()
    event.stopPropagation()
  }
  const onKey = (key: string, line: HTMLElement): boolean => {
    if (key === 'Enter') onEnter()
    else if (key === ' ') onToggle?.(!open)
    else if (key === 'i' && onInsert) onInsert()
    else if (key === 'v' && onVersions) onVersions()
    else if (key === 'ArrowRight' && open === false) onToggle?.(true)
    else if (key === 'ArrowLeft' && open === true) onToggle?.(false)
    else return move(key, line)
    return true
  }
  const inTabOrder = focusedLine.value === '' ? first : focusedLine.value === path
  return (
    <div
      role="treeitem"
      class={`tree-line level-${level}`}
      tabIndex={inTabOrder ? 0 : -1}
      aria-level={level}
      {...(open !== undefined && { 'aria-expanded': open })}
      title={title?.slice(0, 500)}
      onFocus={() => {
        focusedLine.value = path
      }}
      onClick={() => (onToggle ? onToggle(!open) : onEnter())}
      onKeyDown={onKeyDown}
    >
      {onToggle ? <Icon name={open ? 'down' : 'right'} /> : <span class="icon" />}
      {children}
      {onVersions && (
        <button
          type="button"
          class="quiet tree-enter"
          tabIndex={-1}
          title="Versions (V)"
          aria-label="Versions"
          onClick={event => {
            event.stopPropagation()
            onVersions()
          }}
        >
          <Icon name="clock" />
        </button>
      )}
      {enterText !== undefined && (
        <button
          type="button"
          class="quiet tree-enter"
          tabIndex={-1}
          title={enterText}
          aria-label={enterText}
          onClick={event => {
            event.stopPropagation()
            onEnter()
          }}
        >
          <Icon name="play" />
        </button>
      )}
    </div>
  )
}

/** @returns whether the key leads anywhere */
function move(key: string, line: HTMLElement): boolean {
  const lines = [...(line.closest('[role=tree]')?.querySelectorAll<HTMLElement>('[role=treeitem]') ?? [])]
  const at = lines.indexOf(line)
  const level = (each: HTMLElement) => Number(each.ariaLevel)
  const target = {
    ArrowDown: () => lines[at + 1],
    ArrowUp: () => lines[at - 1],
    ArrowRight: () => lines[at + 1],
    ArrowLeft: () => lines.slice(0, at).findLast(each => level(each) < level(line)),
    Home: () => lines[0],
    End: () => lines.at(-1),
  }[key]
  target?.()?.focus()
  return target !== undefined
}
