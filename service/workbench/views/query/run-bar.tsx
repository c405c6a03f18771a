import { useEffect, useState } from 'preact/hooks'
import { durationText, grouped } from '../../format/numbers.ts'
import { copyText } from '../../parts/copy-text.ts'
import { Icon } from '../../parts/icon.tsx'
import { addressOf } from '../../router.ts'
import { runFromEditor } from './editor-pane.tsx'
import { asOfText, searchOf } from './link.ts'
import { type Running, runOf } from './run.ts'
import { cancel } from './run-statements.ts'
import type { Tab } from './tab.ts'
import { changeTab } from './tabs.ts'

/** Runs, cancels, shows how far it is; the version that is read; the link to all of it. */
export function RunBar({ tab }: { readonly tab: Tab }) {
  const running = runOf(tab.id).running.value
  return (
    <div class="run-bar" role="toolbar" aria-label="Statement">
      {running ? (
        <button type="button" class="primary stop" title="Cancel (Esc)" onClick={() => cancel(tab.id)}>
          <Icon name="stop" />
          Cancel
        </button>
      ) : (
        <button
          type="button"
          class="primary"
          title="Run the selection, or the statement at the cursor (Ctrl+Enter)"
          onClick={() => runFromEditor()}
        >
          <Icon name="play" />
          Run
        </button>
      )}
      <button
        type="button"
        title="Run every statement (Ctrl+Shift+Enter)"
        disabled={running !== undefined}
        onClick={() => runFromEditor(true)}
      >
        Run all
      </button>
      {running && <Progress running={running} />}
      <span class="space" />
      <AsOfInput tab={tab} />
      <button
        type="button"
        title="Copy a link with statement, parameters, version and view"
        onClick={() => copyText(`${location.origin}${location.pathname}${addressOf('query', searchOf(tab))}`, 'The link is copied')}
      >
        <Icon name="link" />
        Link
      </button>
    </div>
  )
}

function AsOfInput({ tab }: { readonly tab: Tab }) {
  const { version, timestamp } = tab.asOf ?? {}
  return (
    <label class={`as-of ${tab.asOf ? 'set' : ''}`}>
      as of
      <input
        value={version ?? timestamp ?? ''}
        placeholder="now"
        title="The number of a version, or a time like 2026-06-01T06:00:00Z: every table is read as it was then"
        onChange={({ currentTarget }) => changeTab(tab.id, { asOf: asOfText(currentTarget.value) })}
      />
    </label>
  )
}

function Progress({ running: { startedAt, entry, waiting = false } }: { readonly running: Running }) {
  const [, look] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => look(performance.now()), 100)
    return () => clearInterval(timer)
  }, [])
  const percent = entry?.progress?.percent ?? undefined
  const rows = entry?.progress?.rows
  return (
    <span class="progress">
      <progress aria-label="Progress of the statement" max={100} {...(percent !== undefined && { value: percent })} />
      <span class="figures">{durationText(performance.now() - startedAt)}</span>
      {percent !== undefined && <span>{Math.floor(percent)} %</span>}
      {rows && <span>{grouped(rows)} rows</span>}
      {waiting ? (
        <span>the service does not answer, it is asked again</span>
      ) : (
        entry?.state === 'queued' && <span>waits for an engine</span>
      )}
    </span>
  )
}
