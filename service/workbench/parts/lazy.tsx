import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { type Problem, toProblem } from '../api/ask.ts'
import { ProblemBox } from './problem-box.tsx'

const parts: (() => Promise<unknown>)[] = []

/** Fetches all that is not there yet, so that nothing waits for it, and nothing is missed when the service is away or has another version. */
export function loadAllParts(): void {
  for (const load of parts) load().catch(() => {})
}

/** A component whose code is fetched when it is shown for the first time. */
export function lazy<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  let loaded: ComponentType<Props> | undefined
  const keep = async () => {
    loaded = await load()
    return loaded
  }
  parts.push(keep)
  return function Lazy(props: Props) {
    const [Component, setComponent] = useState(() => loaded)
    const [problem, setProblem] = useState<Problem>()
    const fetchIt = () => {
      setProblem(undefined)
      keep().then(
        found => setComponent(() => found),
        error => setProblem({ ...toProblem(error), title: 'A part of the page could not be loaded', code: 'unreachable' }),
      )
    }
    useEffect(() => {
      if (!Component) fetchIt()
    }, [])
    if (problem) return <ProblemBox problem={problem} onRetry={fetchIt} />
    return Component ? <Component {...props} /> : <p class="loading" aria-busy="true" />
  }
}
