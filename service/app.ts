import type { ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import accepts from '@fastify/accepts'
import fastify, { type FastifyInstance, LogController } from 'fastify'
import { answerUnrouted, maxParamLength } from './answer-unrouted.ts'
import type { BucketPlace, CatalogLogin, EngineClass, LakeConnection, ResultPlace } from './catalog/lake-connection.ts'
import { sessionOf } from './catalog/session-name.ts'
import { compileWhenAsked } from './compile-when-asked.ts'
import type { Config } from './config.ts'
import authentication from './plugins/authentication.ts'
import background from './plugins/background.ts'
import connectionErrors from './plugins/connection-errors.ts'
import drain from './plugins/drain.ts'
import engines from './plugins/engines.ts'
import history from './plugins/history.ts'
import lakeSettings from './plugins/lake-settings.ts'
import lineage from './plugins/lineage.ts'
import maintenance from './plugins/maintenance.ts'
import metrics from './plugins/metrics.ts'
import objects from './plugins/objects.ts'
import openapi from './plugins/openapi.ts'
import problems from './plugins/problems.ts'
import publications from './plugins/publications.ts'
import queue from './plugins/queue.ts'
import rateLimit from './plugins/rate-limit.ts'
import requestLog from './plugins/request-log.ts'
import requestTimeout from './plugins/request-timeout.ts'
import spill from './plugins/spill.ts'
import spool from './plugins/spool.ts'
import store from './plugins/store.ts'
import workbench from './plugins/workbench.ts'
import writers from './plugins/writers.ts'
import writes from './plugins/writes.ts'
import { deadLetterRoutes } from './routes/dead-letters.ts'
import { diffRoutes } from './routes/diff.ts'
import { engineRoutes } from './routes/engines.ts'
import { healthRoutes } from './routes/health.ts'
import { keyRoutes } from './routes/keys.ts'
import { lineageRoutes } from './routes/lineage.ts'
import { maintenanceRoutes } from './routes/maintenance.ts'
import { objectUploadRoute } from './routes/object-upload.ts'
import { objectRoutes } from './routes/objects.ts'
import { planRoutes } from './routes/plan.ts'
import { presignedRoutes } from './routes/presigned.ts'
import { previewRoutes } from './routes/previews.ts'
import { problemPageRoutes } from './routes/problem-pages.ts'
import { publicationRoutes } from './routes/publications.ts'
import { backgroundRoutes } from './routes/queries.ts'
import { queryRoutes } from './routes/query.ts'
import { queueRoutes } from './routes/queue.ts'
import { rowRoutes } from './routes/rows.ts'
import { settingRoutes } from './routes/settings.ts'
import { snapshotRoutes } from './routes/snapshots.ts'
import { statementRoutes } from './routes/statements.ts'
import { tableRoutes } from './routes/tables.ts'
import { userRoutes } from './routes/users.ts'
import { connectionsCheckMs, headersTimeoutMs, keepAliveTimeoutMs } from './settings.ts'

/** Where the lake is and who may ask it. */
export interface Lake {
  readonly reader: LakeConnection
  readonly connections: Readonly<Record<EngineClass, LakeConnection>>
  readonly spillDir: string
  /** Results of statements that nobody waits for. */
  readonly resultDir: string
  /** Bodies of requests on their way into the lake. */
  readonly spoolDir: string
  readonly resultPlace: ResultPlace
  /** Where logs of published tables lie, if any can be. */
  readonly publicationPlace: string | BucketPlace | undefined
  /** How the gateway itself reaches the database, where `app` is its schema. */
  readonly service: CatalogLogin
}

/** The HTTP service. Nothing happens until it is made ready: then its engines start. @param early the first one's process, if it has started */
export function buildApp(config: Config, lake: Lake, early?: ChildProcess): FastifyInstance {
  const app = fastify({
    // On standard error: standard output is for the person who started it.
    logger: {
      level: config.logLevel,
      base: { service: 'ducklake' },
      formatters: { level: label => ({ level: label }) },
      stream: process.stderr,
    },
    // Our own line for each request says more than Fastify's two.
    logController: new LogController({ requestIdLogLabel: 'request_id', disableRequestLogging: true }),
    requestIdHeader: false,
    genReqId: ({ headers }) => validRequestId(headers['x-request-id']) ?? randomUUID(),
    bodyLimit: config.query.maxBytes,
    routerOptions: { maxParamLength },
    frameworkErrors: answerUnrouted,
    // Uploads may take hours: plugins/request-timeout.ts holds the others to theirs.
    requestTimeout: 0,
    keepAliveTimeout: keepAliveTimeoutMs,
    http: { headersTimeout: headersTimeoutMs, connectionsCheckingInterval: connectionsCheckMs },
    // While the service leaves it still answers who is connected.
    return503OnClosing: false,
  })
  compileWhenAsked(app)
  app.addHook('onSend', async (request, reply) => {
    reply.header('x-request-id', request.id)
  })

  const processId = randomUUID()
  app.register(metrics)
  app.register(requestLog, { logSql: config.logSql })
  app.register(problems)
  app.register(requestTimeout)
  app.register(connectionErrors)
  app.register(openapi)
  app.register(drain)
  app.register(store, { login: lake.service })
  app.register(lakeSettings)
  app.register(lineage, { ...config.lineage, process: processId, catalog: lake.reader.catalog })
  app.register(history, { keepDays: config.retention.historyDays })
  app.register(authentication, { tokens: config.tokens })
  app.register(rateLimit, { requestsPerMinute: config.requestsPerMinute })
  app.register(accepts)
  app.register(spill, { spillDir: lake.spillDir })
  app.register(spool, { spoolDir: lake.spoolDir, maxMb: config.uploadMaxMb })
  app.register(objects, { place: lake.resultPlace, folder: join(config.lakeDir, 'raw') })
  app.register(engines, {
    engine: {
      lake: lake.reader,
      engineClass: 'reader',
      session: sessionOf('reader', processId),
      limits: config.engine,
      folders: [lake.resultDir],
    },
    limits: config.pool,
    early,
  })
  app.register(writers, {
    engine: {
      lake: lake.connections.writer,
      engineClass: 'writer',
      session: sessionOf('writer', processId),
      limits: config.engine,
      folders: [lake.spoolDir],
    },
    limits: config.writePool,
    login: lake.service,
    session: sessionOf('gateway', processId),
  })
  app.register(writes, { catalog: lake.reader.catalog, keepHours: config.idempotencyKeepHours })
  app.register(maintenance, {
    engine: {
      lake: lake.connections.maintenance,
      engineClass: 'maintenance',
      session: sessionOf('maintenance', processId),
      limits: config.engine,
      folders: [],
    },
    timeoutMs: config.maintenanceTimeoutMs,
  })
  app.register(publications, { catalog: lake.reader.catalog, place: lake.publicationPlace, publishes: config.writePool.engines > 0 })
  app.register(background, {
    resultDir: lake.resultDir,
    place: lake.resultPlace,
    limits: config.background,
    retention: config.retention,
  })
  app.register(queue, { limits: config.queue, login: lake.service, drains: config.writePool.engines > 0 })
  app.register(healthRoutes, { lake, writes: config.writePool.engines > 0 })
  app.register(engineRoutes)
  app.register(queryRoutes, { query: config.query })
  app.register(planRoutes, { query: config.query })
  app.register(backgroundRoutes, { query: config.query, timeoutMs: config.background.timeoutMs })
  app.register(tableRoutes, { query: config.query })
  app.register(diffRoutes, { query: config.query })
  app.register(rowRoutes, { limits: config.write })
  app.register(objectRoutes)
  app.register(objectUploadRoute, { limits: config.objects })
  app.register(presignedRoutes, { limits: config.objects })
  app.register(previewRoutes, { query: config.query })
  app.register(statementRoutes, { limits: config.write })
  app.register(snapshotRoutes)
  app.register(queueRoutes)
  app.register(deadLetterRoutes)
  app.register(keyRoutes)
  app.register(userRoutes)
  app.register(settingRoutes)
  app.register(lineageRoutes)
  app.register(maintenanceRoutes)
  app.register(problemPageRoutes)
  app.register(workbench)
  app.register(publicationRoutes)
  return app
}

/** A caller's own id is kept if it cannot break a log line or a header. */
function validRequestId(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' && /^[\w.:-]{1,128}$/.test(header) ? header : undefined
}
