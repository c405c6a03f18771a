import type { RunEvent } from '../lineage/run-event.ts'
import { type Ask, jsonb } from './store.ts'

/** An event that is to be sent. */
export interface WaitingEvent {
  readonly id: string
  readonly event: RunEvent
  readonly tries: number
}

export interface Delivery {
  readonly id: string
  readonly delivery: 'waiting' | 'delivered' | 'parked'
  readonly fault?: string
}

/** Oldest first, so that no event overtakes an earlier one of its run. */
export async function waitingEvents(ask: Ask, limit: number): Promise<WaitingEvent[]> {
  return ask<WaitingEvent>(`SELECT id, event, tries FROM app.lineage_event WHERE delivery = 'waiting' ORDER BY id LIMIT $1`, [limit])
}

export async function countWaiting(ask: Ask): Promise<number> {
  const [row] = await ask<{ count: string }>(`SELECT count(*) AS count FROM app.lineage_event WHERE delivery = 'waiting'`)
  return Number(row?.count ?? 0)
}

/** Each counts as one more try. */
export async function noteDeliveries(ask: Ask, deliveries: readonly Delivery[]): Promise<void> {
  await ask(
    `UPDATE app.lineage_event AS event SET delivery = noted.delivery, fault = noted.fault, tries = event.tries + 1
     FROM json_to_recordset($1) AS noted(id bigint, delivery text, fault text) WHERE event.id = noted.id`,
    [jsonb(deliveries)],
  )
}

/** @returns whether this process alone may send, for that long */
export async function takeSending(ask: Ask, process: string, forMs: number): Promise<boolean> {
  const rows = await ask(
    `INSERT INTO app.lineage_sender AS sender (process, until) VALUES ($1, now() + $2 * interval '1 millisecond')
     ON CONFLICT (one) DO UPDATE SET process = excluded.process, until = excluded.until
     WHERE sender.process = excluded.process OR sender.until < now() RETURNING process`,
    [process, forMs],
  )
  return rows.length > 0
}

/** Lets another process send at once. */
export async function leaveSending(ask: Ask, process: string): Promise<void> {
  await ask('DELETE FROM app.lineage_sender WHERE process = $1', [process])
}
