import { postgresContainers } from './postgres-report.ts'
import type { Part, Stage } from './stage.ts'

// CloudNativePG reads what its server logs and prints each report as JSON, with the report under `record`. Here it becomes again what the
// server would have printed, so that one set of rules, queries and panels serves both providers.
// @see https://cloudnative-pg.io/documentation/current/logging/

/** Each but the message is written only where the record has it. */
const further = (title: string, field: string): Part => ({ ifThere: field, parts: [`\n${title}:  `, { field }] })

export const unwrapRecord: Stage = {
  stage: 'match',
  where: { labels: postgresContainers, line: '^[{].*"msg":"record"'.replaceAll('"', '[!-#]') },
  stages: [
    {
      stage: 'json',
      fields: {
        record_time: 'record.log_time',
        record_pid: 'record.process_id',
        record_sqlstate: 'record.sql_state_code',
        record_backend: 'record.backend_type',
        record_user: 'record.user_name',
        record_database: 'record.database_name',
        record_from: 'record.connection_from',
        record_application: 'record.application_name',
        record_severity: 'record.error_severity',
        record_message: 'record.message',
        record_detail: 'record.detail',
        record_hint: 'record.hint',
        record_context: 'record.context',
        record_query: 'record.query',
      },
    },
    {
      stage: 'compose',
      field: 'report',
      parts: [
        {
          ifThere: 'record_message',
          parts: [
            { field: 'record_time' },
            ' [',
            { field: 'record_pid' },
            '] ',
            { field: 'record_sqlstate' },
            ' ',
            { field: 'record_backend' },
            ' ',
            {
              ifThere: 'record_user',
              parts: [
                '[user=',
                { field: 'record_user' },
                ',db=',
                { field: 'record_database' },
                ',host=',
                { field: 'record_from' },
                ',app=',
                { field: 'record_application' },
                ']\t',
              ],
            },
            { field: 'record_severity' },
            ':  ',
            { field: 'record_message' },
            further('DETAIL', 'record_detail'),
            further('HINT', 'record_hint'),
            further('CONTEXT', 'record_context'),
            further('STATEMENT', 'record_query'),
          ],
        },
      ],
    },
    { stage: 'line', from: 'report' },
  ],
}
