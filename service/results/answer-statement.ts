import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import { outcomeOf } from '../background/outcome-of.ts'
import type { QueryLimits } from '../config.ts'
import type { EngineResult } from '../engine-pool/statement-run.ts'
import { noteRead } from '../lineage/note-read.ts'
import { parentRunOf } from '../lineage/parent-run.ts'
import type { queryBody } from '../routes/query-body.ts'
import type { QueryOutcome } from '../store/queries.ts'
import type { Format } from './formats.ts'
import { runForRequest } from './run-for-request.ts'
import { sendResult } from './send-result.ts'
import { asOfOf, statementOf } from './statement-of.ts'

type Body = Static<typeof queryBody>

/** Runs a caller's statement and answers with its rows; it gets into the caller's history. */
export async function answerStatement(
  app: Pick<FastifyInstance, 'engines' | 'running' | 'noteQuery' | 'lineage' | 'lakeSettings'>,
  request: FastifyRequest,
  reply: FastifyReply,
  body: Body,
  format: Format,
  limits: QueryLimits,
): Promise<FastifyReply> {
  const queryId = randomUUID()
  const submittedAt = new Date()
  const tellTables = app.lakeSettings.get('lineage.reads')
  const parent = tellTables ? parentRunOf(request.headers) : undefined
  const written = { id: queryId, sql: body.sql, params: body.params ?? null, asOf: asOfOf(body) ?? null }
  const note = (outcome: QueryOutcome) => {
    const { id: keyId, grants = null } = request.caller
    app.noteQuery({ ...written, keyId, grants, requestId: request.id, ...outcome, submittedAt, endedAt: new Date() })
    if (tellTables) noteRead(app.lineage, { sql: body.sql, requestId: request.id, keyId, parent, submittedAt }, outcome)
  }
  const { text, ...rest } = statementOf(body, format, request.caller, limits)
  const statement = { ...rest, text: { ...text, tellTables } }
  let result: EngineResult
  try {
    result = await runForRequest(app, request, reply, { queryId, format, statement, written })
  } catch (error) {
    note(outcomeOf(error))
    throw error
  }
  const { snapshotId, tables } = result.head
  result.end.then(
    ({ rowCount }) => note({ state: 'succeeded', snapshotId, rowCount, tables }),
    (error: unknown) => note({ ...outcomeOf(error), snapshotId, tables }),
  )
  return sendResult(request, reply, { result, format, queryId, startedAt: request.seen.startedAt })
}
