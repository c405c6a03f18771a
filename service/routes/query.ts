import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type { Config } from '../config.ts'
import { ServiceError } from '../errors.ts'

interface QueryBody {
  readonly sql: string
  readonly maxRows?: number
  readonly timeoutMs?: number
}

/** `POST /v1/query`: one statement, as JSON or as the bare text; the rows come back as JSON. */
export async function queryRoutes(app: FastifyInstance, { query: limits }: Pick<Config, 'query'>): Promise<void> {
  const body = {
    type: 'object',
    required: ['sql'],
    additionalProperties: false,
    properties: {
      // DuckDB takes a text up to its first NUL: what follows would be neither checked nor run.
      sql: { type: 'string', minLength: 1, pattern: '^[^\\u0000]*$' },
      maxRows: { type: 'integer', minimum: 1 },
      timeoutMs: { type: 'integer', minimum: 1 },
    },
  } as const

  app.addContentTypeParser('application/sql', { parseAs: 'string' }, (_request, sql, done) => done(null, { sql }))

  app.post<{ Body: QueryBody }>('/v1/query', { schema: { body }, bodyLimit: limits.maxBytes }, async (request, reply) => {
    const { sql, maxRows = limits.maxRows, timeoutMs = limits.timeoutMs } = request.body
    assertTightens('maxRows', maxRows, limits.maxRows)
    assertTightens('timeoutMs', timeoutMs, limits.timeoutMs)
    const gone = new AbortController()
    reply.raw.once('close', () => gone.abort())
    const answer = await app.engines.query({ sql, maxRows, timeoutMs, queryId: randomUUID(), signal: gone.signal })
    return reply.type('application/json; charset=utf-8').send(answer)
  })
}

/** A caller may ask for less than the service allows, never for more. */
function assertTightens(name: string, wanted: number, limit: number): void {
  if (wanted > limit) throw new ServiceError('invalidRequest', `${name} is ${wanted}, the service allows at most ${limit}.`)
}
