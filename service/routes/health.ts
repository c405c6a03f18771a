import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { Lake } from '../app.ts'
import { probeCatalog } from '../catalog/probe-catalog.ts'
import { type ErrorCode, ServiceError } from '../errors.ts'
import { problemOf } from '../problem.ts'
import { probeStorage } from '../storage/probe-storage.ts'
import { problems } from './schemas.ts'

/** However many ask, catalog and object store are asked no more often. */
const probeEveryMs = 1_000

const check = Type.Object({
  name: Type.String({ description: 'draining, catalog, store (the schema app), storage, engines or writers.' }),
  ok: Type.Boolean(),
  code: Type.Optional(Type.String()),
  detail: Type.Optional(Type.String({ description: 'What is wrong and what to do.' })),
  tookMs: Type.Integer(),
})
const report = Type.Object({ status: Type.Enum(['ok', 'not ready']), checks: Type.Optional(Type.Array(check)) }, { title: 'Readiness' })
const ok = Type.Object({ status: Type.Literal('ok') })

interface Check {
  readonly name: string
  /** Whether a query needs it. */
  readonly needed: boolean
  readonly error?: unknown
  readonly tookMs: number
}

/** `/livez`: the process answers. `/readyz`: a statement would find an engine, the catalog and the files. */
export const healthRoutes: FastifyPluginAsyncTypebox<{ readonly lake: Pick<Lake, 'reader'>; readonly writes: boolean }> = async (
  app,
  { lake, writes },
) => {
  let probed: { readonly checks: Promise<readonly Check[]>; readonly atMs: number } | undefined

  app.get(
    '/livez',
    { schema: { tags: ['health'], summary: 'The process answers', security: [], response: { 200: ok } } },
    async () => ({ status: 'ok' }) as const,
  )

  app.get(
    '/readyz',
    {
      schema: {
        tags: ['health'],
        summary: 'A query would find an engine, the catalog and the files',
        description: '503 otherwise: a problem that names the first reason, or with ?verbose the list of all checks.',
        security: [],
        querystring: Type.Object({ verbose: Type.Optional(Type.String({ description: 'Lists every check.' })) }),
        response: {
          200: report,
          503: {
            description: 'Not ready',
            content: {
              'application/json': { schema: report },
              'application/problem+json': problems['5xx'].content['application/problem+json'],
            },
          },
        },
      },
    },
    async (request, reply) => {
      const checks = await readiness()
      const failed = checks.find(({ needed, error }) => needed && error !== undefined)
      if (request.query.verbose === undefined) {
        if (failed) throw failed.error
        return { status: 'ok' } as const
      }
      if (failed) reply.code(503).header('retry-after', '1')
      return reply.send({
        status: failed ? 'not ready' : 'ok',
        checks: checks.map(({ name, error, tookMs }) => ({ name, ok: error === undefined, ...reasonOf(error, request.id), tookMs })),
      })
    },
  )

  async function readiness(): Promise<readonly Check[]> {
    const draining = app.drain.begun ? new ServiceError('engineNotReady', 'The service is stopping.') : undefined
    const now = performance.now()
    if (!probed || now - probed.atMs >= probeEveryMs) probed = { checks: probe(), atMs: now }
    return [{ name: 'draining', needed: true, ...(draining && { error: draining }), tookMs: 0 }, ...(await probed.checks)]
  }

  function probe(): Promise<readonly Check[]> {
    return Promise.all([
      timed('catalog', () => probeCatalog(lake.reader)),
      // A newer program than the schema says so here, and not to every caller.
      timed('store', async () => {
        await app.store.ask('SELECT FROM app.key, app.query LIMIT 0')
      }),
      timed('storage', () => probeStorage(lake.reader)),
      timed('engines', () => app.engines.ping()),
      // Whoever only reads does not miss them.
      ...(writes ? [timed('writers', () => app.writers.ping(), false)] : []),
    ])
  }
}

async function timed(name: string, work: () => Promise<void>, needed = true): Promise<Check> {
  const started = performance.now()
  const error = await work().then(
    () => undefined,
    (reason: unknown) => reason,
  )
  return { name, needed, ...(error !== undefined && { error }), tookMs: Math.round(performance.now() - started) }
}

function reasonOf(error: unknown, requestId: string): { code?: ErrorCode; detail?: string } {
  if (error === undefined) return {}
  const { code, detail } = problemOf(error, requestId)
  return { code, detail }
}
