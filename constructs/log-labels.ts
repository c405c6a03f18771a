/** Every label that a stream may have in Loki. Each new value of one makes new streams, so what has many values, a request's id or a
 * process number, is structured metadata instead. */
export const logLabels = ['namespace', 'pod', 'container', 'job', 'app', 'service', 'level', 'event', 'database'] as const

export type LogLabel = (typeof logLabels)[number]
