import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import type { MaintenanceTask } from '../engine/maintenance/maintenance-order.ts'
import { ServiceError } from '../errors.ts'
import { settledOptions } from '../maintenance/maintenance-schedule.ts'
import { findRun, listRuns, type RunOptions } from '../store/maintenance-runs.ts'
import { runBody, runEntry, runPath, shownRun, taskPath } from './maintenance-body.ts'
import { next, Pages, pageQuery, uuid } from './pages.ts'
import { problems } from './schemas.ts'

/** The longest that a request may wait for the end of a run. */
const maxWaitSeconds = 60

/** How often a run of another process is looked at meanwhile. */
const lookEveryMs = 500

/** Which options a task has. */
const optionsOf: Readonly<Record<MaintenanceTask, readonly (keyof Static<typeof runBody>)[]>> = {
  flush: ['table'],
  compact: ['table'],
  'rewrite-deletes': ['table', 'deletedPercent'],
  expire: ['olderThanHours'],
  'clean-up': ['olderThanHours'],
  orphans: ['olderThanHours'],
}

const wait = Type.Object({
  prefer: Type.Optional(
    Type.String({ description: `wait=N: the answer comes when the run has ended, or after N seconds, up to ${maxWaitSeconds}.` }),
  ),
})
const pages = new Pages('maintenance', [uuid])
const tags = ['maintenance']
const config = { scope: 'admin' } as const

/** `/v1/maintenance`: what keeps the lake small and quick, and what was done. */
export const maintenanceRoutes: FastifyPluginAsyncTypebox = async app => {
  app.post(
    '/v1/maintenance/:task',
    {
      config,
      schema: {
        tags,
        summary: 'Begin a run of maintenance',
        description:
          'One at a time: 409 names the one that is at work. What the body leaves out is as the settings say; {} leaves out all.',
        params: taskPath,
        headers: wait,
        body: runBody,
        response: {
          202: { description: 'It runs; Location is where to ask.', content: { 'application/json': { schema: runEntry } } },
          ...problems,
        },
      },
    },
    async (request, reply) => {
      const { task } = request.params
      await app.lakeSettings.refresh()
      const options = { ...settledOptions(task, app.lakeSettings), ...optionsFrom(task, request.body) }
      const dryRun = request.body.dryRun === true
      const id = await app.maintenance.start({ task, dryRun, options, requestedBy: request.caller.id, requestId: request.id })
      if (id === undefined) throw new Error('a run without a condition was not wanted')
      reply.code(202).header('location', `/v1/maintenance/runs/${id}`)
      return answerWhenSettled(request, reply, id)
    },
  )

  app.get(
    '/v1/maintenance',
    {
      config,
      schema: {
        tags,
        summary: 'Runs of maintenance, backups and restore drills, newest first',
        querystring: Type.Object(
          {
            task: Type.Optional(Type.String({ pattern: '^[a-z-]{1,40}$' })),
            ...pageQuery,
          },
          { additionalProperties: false },
        ),
        response: { 200: Type.Object({ runs: Type.Array(runEntry), next }), ...problems },
      },
    },
    async ({ query: { task, ...page } }) => {
      const { limit, after } = pages.wanted(page)
      const { entries, next: cursor } = pages.page(await listRuns(app.store.ask, { task, after: after?.[0], limit }), limit, ({ id }) => [
        id,
      ])
      return { runs: entries.map(shownRun), next: cursor }
    },
  )

  app.get(
    '/v1/maintenance/runs/:id',
    { config, schema: { tags, summary: 'One run', params: runPath, headers: wait, response: { 200: runEntry, ...problems } } },
    async (request, reply) => answerWhenSettled(request, reply, request.params.id),
  )

  async function answerWhenSettled(request: FastifyRequest, reply: FastifyReply, id: string) {
    const seconds = Math.min(Number(/(?:^|[,;\s])wait=(\d{1,6})\b/i.exec(String(request.headers.prefer ?? ''))?.[1] ?? 0), maxWaitSeconds)
    if (seconds > 0) reply.header('preference-applied', `wait=${seconds}`)
    const until = performance.now() + seconds * 1_000
    for (;;) {
      const run = await findRun(app.store.ask, id)
      if (!run) throw new ServiceError('notFound', `There is no run ${id}.`)
      const leftMs = until - performance.now()
      if (run.endedAt || leftMs <= 0 || reply.raw.closed) return shownRun(run)
      await app.maintenance.settled(id, Math.min(leftMs, lookEveryMs))
    }
  }
}

/** @throws ServiceError if the task has no such option */
function optionsFrom(task: MaintenanceTask, body: Static<typeof runBody>): RunOptions {
  const { table, deletedPercent, olderThanHours } = body
  const stray = (['table', 'deletedPercent', 'olderThanHours'] as const).find(
    option => body[option] !== undefined && !optionsOf[task].includes(option),
  )
  if (stray) throw new ServiceError('invalidRequest', `${task} has no ${stray}: it has ${optionsOf[task].join(' and ')}, and dryRun.`)
  return {
    ...(table && { table: { schema: table.schema, name: table.table } }),
    ...(deletedPercent !== undefined && { deletedShare: deletedPercent / 100 }),
    ...(olderThanHours !== undefined && { olderThanHours }),
  }
}
