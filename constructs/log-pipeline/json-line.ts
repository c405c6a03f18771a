import type { Stage } from './stage.ts'

/** Programs that write JSON, one object a line: pino's numbers and everybody's words for the level, and who asked for what.
 * What does not parse is kept as it is, without fields. */
export const readJson: Stage = {
  stage: 'match',
  where: { labels: { namespace: '.+' }, line: '^[{]' },
  stages: [
    {
      stage: 'json',
      fields: {
        said_level: 'level || severity',
        said_service: 'service',
        request_id: 'request_id',
        trace_id: 'trace_id',
        key_id: 'key_id',
        query_id: 'query_id',
      },
    },
    {
      stage: 'choose',
      field: 'level',
      from: 'said_level',
      values: {
        trace: ['10', 'trace', 'TRACE'],
        debug: ['20', 'debug', 'DEBUG'],
        info: ['30', 'info', 'INFO'],
        warning: ['40', 'warn', 'WARN', 'warning', 'WARNING'],
        error: ['50', 'error', 'ERROR'],
        fatal: ['60', 'fatal', 'FATAL', 'critical', 'CRITICAL'],
      },
    },
    { stage: 'labels', names: ['level'] },
    { stage: 'regex', from: 'said_service', expression: '^(?P<service>[a-z][a-z0-9-]{0,39})$' },
    { stage: 'labels', names: ['service'], few: 'a program names itself in its code' },
    { stage: 'metadata', names: ['request_id', 'trace_id', 'key_id', 'query_id'] },
  ],
}
