/** What `npm run logs` knows to ask. */
export interface LogQuestion {
  /** Matchers of its streams; those of `--namespace` and `--app` join them. */
  readonly streams: readonly string[]
  /** What follows the selector. */
  readonly pipeline: string
  /** A few words for the list of questions. */
  readonly about: string
}

export const logQuestions: Readonly<Record<string, LogQuestion>> = {
  errors: { streams: ['level=~"error|fatal"'], pipeline: '', about: 'errors of every program, PostgreSQL’s whole reports among them' },
  slow: {
    streams: ['event="statement"'],
    pipeline: '| regexp `duration: (?P<duration_ms>[0-9.]+) ms` | duration_ms > 500',
    about: 'statements of PostgreSQL of more than half a second',
  },
  requests: {
    streams: ['service="ducklake"'],
    pipeline:
      '|= `"msg":"request"` | json | line_format "{{.status}} {{.duration_ms}} ms {{.method}} {{.route}} {{.outcome}} {{.request_id}}"',
    about: 'the service’s requests, a line each (needs its LOG_LEVEL=info)',
  },
  pgmq: {
    streams: ['event=~"statement|error|missing_queue"'],
    pipeline: '| operation!="" or event="missing_queue"',
    about: 'calls of queues that were logged, and those that failed',
  },
  autovacuum: {
    streams: ['event=~"autovacuum|autoanalyze|wraparound"'],
    pipeline: '',
    about: 'what autovacuum did to which table',
  },
}

/** The question as LogQL. */
export function queryOf({ streams, pipeline }: LogQuestion, chosen: readonly string[] = []): string {
  return `{${[...streams, ...chosen].join(', ')}} ${pipeline}`.trim()
}
