import { useEffect, useState } from 'preact/hooks'
import { type Problem, toProblem } from '../../api/ask.ts'
import { listQueries, type QueryEntry } from '../../api/queries.ts'
import { ProblemBox } from '../../parts/problem-box.tsx'
import { PastQuery } from './past-query.tsx'

const states = ['succeeded', 'failed', 'cancelled', 'running', 'queued'] as const

/** How long typing has to pause before it is searched for, in milliseconds. */
const searchAfterMs = 250

/** What this key asked and wrote, as the service remembers it: from every window and program. */
export function HistoryView() {
  const [search, setSearch] = useState('')
  const [state, setState] = useState('')
  const [reads, setReads] = useState(0)
  const [found, setFound] = useState<readonly QueryEntry[]>()
  const [next, setNext] = useState<string | null>(null)
  const [problem, setProblem] = useState<Problem>()
  const load = async (after: string | null, signal?: AbortSignal) => {
    try {
      const page = await listQueries({ search: search.trim(), state, ...(after !== null && { after }) }, signal)
      setFound(before => [...(after === null ? [] : (before ?? [])), ...page.queries])
      setNext(page.next)
      setProblem(undefined)
    } catch (error) {
      if (!signal?.aborted) setProblem(toProblem(error))
    }
  }
  useEffect(() => {
    const abort = new AbortController()
    const timer = setTimeout(() => load(null, abort.signal), search === '' ? 0 : searchAfterMs)
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  }, [search, state, reads])
  return (
    <section class="history-view" aria-label="History">
      <div class="history-bar" role="search">
        <label class="choice">
          Statements with
          <input type="search" value={search} maxLength={255} onInput={({ currentTarget }) => setSearch(currentTarget.value)} />
        </label>
        <label class="choice">
          that
          <select value={state} onChange={({ currentTarget }) => setState(currentTarget.value)}>
            <option value="">ended in any way</option>
            {states.map(each => (
              <option key={each}>{each}</option>
            ))}
          </select>
        </label>
        <button type="button" onClick={() => setReads(reads + 1)}>
          Refresh
        </button>
      </div>
      {problem && <ProblemBox problem={problem} onRetry={() => setReads(reads + 1)} />}
      {found?.length === 0 && (
        <p class="muted empty-line">
          {search === '' && state === ''
            ? 'Nothing was asked with this key yet. What you run, here or with curl, is remembered by the service and comes here.'
            : 'No statement of this key is like that.'}
        </p>
      )}
      {found && found.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by keyboard
        <div class="history-scroll" tabIndex={0} role="region" aria-label="Past statements">
          <ol class="history-list">
            {found.map(entry => (
              <PastQuery key={entry.id} entry={entry} />
            ))}
          </ol>
          {next !== null && (
            <button type="button" onClick={() => load(next)}>
              Older ones
            </button>
          )}
        </div>
      )}
    </section>
  )
}
