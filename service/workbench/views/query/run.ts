import { type Signal, signal } from '@preact/signals'
import type { Problem } from '../../api/ask.ts'
import type { Plan } from '../../api/plan.ts'
import type { QueryEntry } from '../../api/queries.ts'
import type { ResultPages } from '../../parts/grid/result-pages.ts'

/** A statement of a tab, and where it stood in the tab's text when it was sent. */
export interface Sent {
  readonly sql: string
  readonly from: number
}

export interface Running {
  readonly sent: Sent
  /** As `performance.now()` counts. */
  readonly startedAt: number
  readonly entry?: QueryEntry
  /** The service does not answer at the moment; it is asked again. */
  readonly waiting?: boolean
  readonly abort: AbortController
}

export interface Result {
  readonly sent: Sent
  readonly pages: ResultPages
  readonly entry: QueryEntry
}

export interface Message {
  readonly at: Date
  readonly sql: string
  readonly outcome: string
  readonly problem?: Problem
}

export interface Failure {
  readonly problem: Problem
  readonly sent: Sent
  readonly retry?: () => void
}

/** What a tab shows of its statements: the last result stays until there is another. */
export interface Run {
  readonly running: Signal<Running | undefined>
  readonly result: Signal<Result | undefined>
  readonly failure: Signal<Failure | undefined>
  /** How a statement is run; of the last one, if it was looked at. */
  readonly plan: Signal<{ readonly sent: Sent; readonly plan: Plan } | undefined>
  readonly messages: Signal<readonly Message[]>
}

const runs = new Map<string, Run>()

export function runOf(tabId: string): Run {
  const known = runs.get(tabId)
  if (known) return known
  const run: Run = {
    running: signal(undefined),
    result: signal(undefined),
    failure: signal(undefined),
    plan: signal(undefined),
    messages: signal([]),
  }
  runs.set(tabId, run)
  return run
}
