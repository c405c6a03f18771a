/** A kind of thing that happens in PostgreSQL and that people count, draw or are woken by. */
export interface LogEvent {
  /** The value of the label `event`. */
  readonly name: string
  /** What the first line of its report looks like; several looks, if it has several. */
  readonly when: When | readonly When[]
  /** Named groups for what the whole report says: names of `fieldNames` only. */
  readonly fields?: string
  /** One report as PostgreSQL prints it, with its further lines. A test sends it through the pipeline. */
  readonly sample: string
  readonly alert?: EventAlert
  readonly panel?: EventPanel
}

/** Conditions that hold together. Expressions are RE2 without backslashes: `[.]` for a dot, `[0-9]` for a digit. */
export interface When {
  /** How the message begins, which is what follows the level. */
  readonly message?: string
  /** The five characters of the SQLSTATE. @see https://www.postgresql.org/docs/current/errcodes-appendix.html */
  readonly sqlstate?: string
  /** The server's own words for the level.
   * @default - any */
  readonly level?: readonly PostgresLevel[]
}

export type PostgresLevel = 'DEBUG' | 'INFO' | 'NOTICE' | 'WARNING' | 'LOG' | 'ERROR' | 'FATAL' | 'PANIC'

export type Duration = `${number}${'s' | 'm' | 'h' | 'd'}`

/** Somebody is told when the event was counted more than `above` times within `within`. */
export interface EventAlert {
  readonly name: string
  /** `critical` wakes somebody, `warning` waits for the morning. */
  readonly severity: 'critical' | 'warning'
  readonly above: number
  readonly within: Duration
  /** How long it must hold.
   * @default - it is told at once */
  readonly for?: Duration
  /** A sentence for the person who is told. */
  readonly summary: string
  /** The page's name in docs/runbooks/, without its ending. */
  readonly runbook: string
}

/** A graph of the event's count. */
export interface EventPanel {
  readonly title: string
  /** One line for each value of these.
   * @default - one line */
  readonly by?: readonly (FieldName | 'database')[]
  readonly unit?: string
}

/** What the collectors find in lines beside the labels; Loki keeps it as structured metadata. */
export const fieldNames = [
  'request_id',
  'trace_id',
  'key_id',
  'query_id',
  'pid',
  'sqlstate',
  'application',
  'user',
  'relation',
  'operation',
  'queue',
] as const

export type FieldName = (typeof fieldNames)[number]
