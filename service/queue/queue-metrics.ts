import { Counter, Gauge, type Registry } from 'prom-client'
import { hasPgmq, listQueues, type QueueState } from '../store/queues.ts'
import type { Store } from '../store/store.ts'

/** However often somebody asks, the messages are counted no more often. */
const countEveryMs = 5_000

/** Says how much waits, how long, and how much was put aside. Each process says the same of the whole lake; what it drained itself it counts
 * for itself. */
export function countQueues(registry: Registry, store: Store): { readonly drained: Counter<'table'>; readonly putAside: Counter<'table'> } {
  let counted: { readonly states: Promise<readonly QueueState[]>; readonly atMs: number } | undefined
  const states = () => {
    const now = performance.now()
    if (!counted || now - counted.atMs >= countEveryMs) counted = { states: count(store), atMs: now }
    return counted.states
  }
  const registers = [registry]
  const gauge = (name: string, help: string, value: (state: QueueState) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ['table'],
      registers,
      async collect() {
        this.reset()
        for (const state of await states()) this.set({ table: `${state.schema}.${state.table}` }, value(state))
      },
    })
  gauge('ducklake_ingest_queue_depth', 'Messages that wait for a table.', ({ depth }) => Number(depth))
  gauge('ducklake_ingest_queue_age_seconds', 'How long the oldest of them has waited.', ({ oldestAgeSeconds }) => oldestAgeSeconds ?? 0)
  gauge('ducklake_ingest_queue_dead', 'Messages that were put aside because they fit no row of their table.', ({ dead }) => Number(dead))
  gauge('ducklake_ingest_queue_blocked', '1 for a queue that is not drained because something is in the way.', ({ obstacle }) =>
    obstacle ? 1 : 0,
  )
  const counter = (name: string, help: string) => new Counter({ name, help, labelNames: ['table'], registers })
  return {
    drained: counter('ducklake_ingest_queue_drained_total', 'Messages that this process took to their tables.'),
    putAside: counter('ducklake_ingest_queue_put_aside_total', 'Messages that this process put aside.'),
  }
}

/** Nothing is said while PostgreSQL is away. */
async function count(store: Store): Promise<readonly QueueState[]> {
  try {
    return (await hasPgmq(store.ask)) ? await listQueues(store.ask) : []
  } catch {
    return []
  }
}
