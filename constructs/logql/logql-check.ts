import type { Logql, LogqlNode } from './parse-logql.ts'

/** What a query is for; an alert has to be more than a panel. */
export type LogqlUse = 'alert' | 'recording' | 'panel'

/** One mistake: the place it is about, and a sentence with what to write instead. */
export interface LogqlMistake {
  readonly at: LogqlNode
  readonly what: string
}

/** Something that Loki would take, or refuse only when it is asked, and that must not stand in a query of ours. */
export type LogqlCheck = (query: Logql, use: LogqlUse) => Iterable<LogqlMistake>
