import type { StoredEvent } from './lineage-runs.ts'
import type { Ask } from './store.ts'

export interface EventFilter {
  readonly delivery?: StoredEvent['delivery'] | undefined
  /** The name of a job, of whichever namespace. */
  readonly job?: string | undefined
  /** The last id of the page before. */
  readonly before?: string | undefined
  readonly limit: number
}

/** An event among those of other runs. */
export interface ListedEvent extends StoredEvent {
  readonly id: string
  readonly runId: string
  readonly own: boolean
}

/** Of all runs, the newest first. */
export async function listLineageEvents(ask: Ask, { delivery, job, before, limit }: EventFilter): Promise<ListedEvent[]> {
  return ask<ListedEvent>(
    `SELECT event.id, run_id AS "runId", event.own, type, at, delivery, fault, event
     FROM app.lineage_event AS event
     WHERE ($2::text IS NULL OR delivery = $2) AND ($3::bigint IS NULL OR id < $3)
       AND ($4::text IS NULL OR run_id IN (
         SELECT run.id FROM app.lineage_run AS run JOIN app.lineage_job AS job ON job.id = job_id WHERE job.name = $4))
     ORDER BY id DESC LIMIT $1`,
    [limit, delivery ?? null, before ?? null, job ?? null],
  )
}
