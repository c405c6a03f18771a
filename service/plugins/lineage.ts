import fp from 'fastify-plugin'
import { Counter, Gauge } from 'prom-client'
import type { CatalogLogin } from '../catalog/lake-connection.ts'
import { sessionOf } from '../catalog/session-name.ts'
import type { LineagePlaces } from '../config.ts'
import { EventSender } from '../lineage/event-sender.ts'
import { EventSink } from '../lineage/event-sink.ts'
import { Lineage } from '../lineage/lineage.ts'
import { LostRunWatch } from '../lineage/lost-run-watch.ts'
import { namespaceOf } from '../lineage/names.ts'
import { repeat } from '../repeat.ts'
import { readLakeId } from '../store/lake-id.ts'
import { forgetRuns } from '../store/lineage-runs.ts'
import { findWrites } from '../writes/find-write.ts'

declare module 'fastify' {
  interface FastifyInstance {
    readonly lineage: Lineage
    /** The namespace of the lake's tables. @throws ServiceError catalogUnavailable */
    readonly lineageNamespace: () => Promise<string>
  }
}

/** How often it is tried again to store events that PostgreSQL did not take. */
const storeEveryMs = 1_000

/** How often it is looked for events to send. */
const sendEveryMs = 1_000

/** How often a process says that it works on its runs. */
const signEveryMs = 5_000

/** How often old runs are forgotten, and how many at a time. */
const forgetEveryMs = 60_000
const forgetMax = 1_000

interface LineageOptions extends LineagePlaces {
  /** The id of this process, which its engines are named after. */
  readonly process: string
  /** As a role that may read the catalog. */
  readonly catalog: CatalogLogin
}

/** Tells which run read and wrote what, in OpenLineage's words, to our own database and to whoever else wants to know. */
export default fp<LineageOptions>(
  async (app, { lake, sink, process, catalog }) => {
    const { store, log } = app
    const registers = [app.metrics.registry]
    const lost = new Counter({ name: 'ducklake_lineage_lost_total', help: 'Events of the lineage that were never stored.', registers })
    const sent = new Counter({
      name: 'ducklake_lineage_sent_total',
      help: 'Events for LINEAGE_URL: delivered, parked because it refused them, or failed and to be sent again.',
      labelNames: ['outcome'],
      registers,
    })
    let known = lake && namespaceOf(lake)
    const namespace = async () => {
      known ??= namespaceOf(await readLakeId(store.ask))
      return known
    }
    let failing = false
    const lineage = new Lineage(
      store,
      namespace,
      sink !== undefined,
      {
        lost: events => lost.inc(events),
        failed(error) {
          if (!failing) log.warn({ err: error }, 'the lineage was not stored')
          failing = true
        },
      },
      process,
    )
    const sender =
      sink &&
      new EventSender(store, new EventSink(sink), process, {
        sent: (outcome, events) => sent.inc({ outcome }, events),
        failed: reason => log.warn({ reason }, 'LINEAGE_URL did not take events: they are sent again'),
      })
    const watch = new LostRunWatch(
      store,
      process,
      async () => ({ lakeNamespace: await namespace(), process, send: sink !== undefined }),
      async (dead, writes) => {
        const found = await findWrites(catalog, `${sessionOf('writer', dead)}-%`, writes)
        return new Map([...found].map(([id, { snapshotId }]) => [id, snapshotId]))
      },
    )
    const gauge = (name: string, help: string, value: () => number) =>
      new Gauge({
        name,
        help,
        registers,
        collect() {
          this.set(value())
        },
      })
    gauge('ducklake_lineage_buffered', 'Events of the lineage that are not stored yet.', () => lineage.buffered)
    gauge('ducklake_lineage_waiting', 'Events that wait to be sent to LINEAGE_URL.', () => sender?.waiting ?? 0)

    const closing = new AbortController()
    const start = (everyMs: number, message: string, work: () => Promise<number | undefined>) =>
      repeat(closing.signal, { everyMs, work, failed: error => log.warn({ err: error }, message) })
    const loops = [
      start(storeEveryMs, 'the lineage was not stored', async () => {
        await lineage.flush()
        failing = lineage.buffered > 0
        return undefined
      }),
      start(sendEveryMs, 'the events to send were not read', async () =>
        sender && app.lakeSettings.get('lineage.send') ? sender.sendSome() : undefined,
      ),
      start(signEveryMs, 'lost runs of the lineage were not ended', async () => {
        await watch.look()
        return undefined
      }),
      start(forgetEveryMs, 'old runs of the lineage were not forgotten', async () => {
        await forgetRuns(store.ask, app.lakeSettings.get('lineage.keepDays'), forgetMax)
        return undefined
      }),
    ]
    app.decorate('lineage', lineage)
    app.decorate('lineageNamespace', namespace)
    app.addHook('onClose', async () => {
      closing.abort()
      await sender?.stop().catch(() => {})
      await Promise.all(loops)
      await lineage.flush()
    })
  },
  { name: 'lineage', dependencies: ['store', 'metrics', 'lake-settings'] },
)
