import type { Duration, EventAlert } from '../log-pipeline/log-event.ts'

export type Severity = EventAlert['severity']

/** A query with a threshold, and what the person is told whom it reaches. */
export interface Alert {
  readonly name: string
  readonly severity: Severity
  /** Fires for each series of its result. */
  readonly query: string
  /** How long it must hold.
   * @default - it is told at once */
  readonly for?: Duration
  /** A sentence: what is wrong. */
  readonly summary: string
  /** What was counted and where, with the labels of the result and `{{ $value }}`. */
  readonly description: string
  /** The page's name in docs/runbooks/, without its ending. */
  readonly runbook: string
}

/** A query whose result becomes a metric of its own, so that a year of it costs nothing to draw. */
export interface Recording {
  /** `level:metric:operations`, as Prometheus' own are called. @see https://prometheus.io/docs/practices/rules/ */
  readonly name: string
  readonly query: string
}

/** What is evaluated together, in one file. */
export interface RuleGroup {
  readonly name: string
  readonly alerts: readonly Alert[]
  readonly recordings: readonly Recording[]
}
