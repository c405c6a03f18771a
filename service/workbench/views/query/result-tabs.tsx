import { type Signal, signal } from '@preact/signals'
import { count } from '../../format/numbers.ts'
import type { Selection } from '../../parts/grid/selection.ts'
import { Icon } from '../../parts/icon.tsx'
import { lazy } from '../../parts/lazy.tsx'
import type { Result } from './run.ts'
import { resultViews, type Tab } from './tab.ts'
import { changeTab } from './tabs.ts'

interface ResultTabsProps {
  readonly tab: Tab
  readonly result: Result | undefined
  readonly shown: readonly number[] | undefined
  readonly selection: Signal<Selection>
}

/** Whether the dialog for it is open. */
export const exporting = signal(false)

const ExportDialog = lazy(() => import('./export/export-dialog.tsx').then(module => module.ExportDialog))

const titles = { result: 'Result', chart: 'Chart', plan: 'Plan', messages: 'Messages' } as const

/** The ways to look at a result, and what can be done with it. */
export function ResultTabs({ tab, result, shown, selection }: ResultTabsProps) {
  const choose = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (step === undefined) return
    const view = resultViews[(resultViews.indexOf(tab.view) + step + resultViews.length) % resultViews.length]
    if (view) changeTab(tab.id, { view })
    queueMicrotask(() => document.getElementById(`view-${view}`)?.focus())
  }
  return (
    <div class="result-tabs">
      <div role="tablist" aria-label="Ways to look at the result">
        {resultViews.map(view => (
          <button
            key={view}
            type="button"
            role="tab"
            id={`view-${view}`}
            aria-selected={tab.view === view}
            tabIndex={tab.view === view ? 0 : -1}
            onClick={() => changeTab(tab.id, { view })}
            onKeyDown={choose}
          >
            {titles[view]}
          </button>
        ))}
      </div>
      <span class="space" />
      {(tab.hidden ?? []).length > 0 && (
        <button type="button" class="quiet" onClick={() => changeTab(tab.id, { hidden: [] })}>
          Show {count(tab.hidden?.length ?? 0, 'hidden column')}
        </button>
      )}
      {result && (
        <button
          type="button"
          class="quiet"
          title="Copy or save (Alt+S)"
          onClick={() => {
            exporting.value = true
          }}
        >
          <Icon name="download" />
          Copy or save
        </button>
      )}
      {exporting.value && result && shown && (
        <ExportDialog
          {...{ result, shown }}
          selection={selection.peek()}
          onClose={() => {
            exporting.value = false
          }}
        />
      )}
    </div>
  )
}
