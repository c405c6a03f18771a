import { type GraphRows, graphRowsOf, idOf, type NodeRow } from '../lineage/graph-rows.ts'
import type { RunEvent } from '../lineage/run-event.ts'
import { type Ask, jsonb, type Store } from './store.ts'

/** An event with what is known of its run beside it. */
export interface NewEvent {
  readonly event: RunEvent
  readonly snapshotId?: string | undefined
  readonly keyId: string
  readonly requestId: string
  /** The write that the run is an attempt of. */
  readonly writeId?: string | undefined
}

/** Whose events they are. */
export interface Origin {
  readonly lakeNamespace: string
  /** The process of the service whose runs they are; nothing for those that somebody else sends. */
  readonly process: string | undefined
  /** Whether they go to LINEAGE_URL. */
  readonly send: boolean
}

/** Stores events and adds them to the graph, all or none. What is there already is left as it is: an event that comes twice, and a second
 * end of a run of ours. @returns how many were new */
export async function storeEvents(store: Store, events: readonly NewEvent[], origin: Origin): Promise<number> {
  const rows = events.map(each => ({ ...each, graph: graphRowsOf(each.event, origin.lakeNamespace) }))
  return store.transaction(async ask => {
    await insertNodes(ask, 'lineage_job', distinct(rows.map(({ graph }) => graph.job)))
    await insertNodes(ask, 'lineage_dataset', distinct(rows.flatMap(({ graph }) => graph.datasets)))
    await insertRuns(ask, rows, origin)
    const stored = await insertEvents(ask, events, origin)
    await insertEdges(
      ask,
      rows.map(({ graph }) => graph),
    )
    return stored
  })
}

/** In the order of their ids: two transactions that insert the same ones in different orders would wait for each other. */
function distinct<Row extends NodeRow>(rows: readonly Row[]): Row[] {
  return [...new Map(rows.map(row => [row.id, row])).values()].sort((a, b) => (a.id < b.id ? -1 : 1))
}

async function insertNodes(ask: Ask, table: 'lineage_job' | 'lineage_dataset', rows: readonly NodeRow[]): Promise<void> {
  const type = table === 'lineage_job' ? ', type' : ''
  await ask(
    `INSERT INTO app.${table} (id, namespace, name${type})
     SELECT id, namespace, name${type} FROM json_to_recordset($1) AS node(id uuid, namespace text, name text, type text)
     ON CONFLICT DO NOTHING`,
    [jsonb(rows)],
  )
}

async function insertRuns(ask: Ask, rows: readonly (NewEvent & { readonly graph: GraphRows })[], { process }: Origin): Promise<void> {
  const runs = rows.map(({ event, graph, keyId, requestId, writeId }) => ({
    id: event.run.runId,
    jobId: graph.job.id,
    state: event.eventType,
    startedAt: event.eventTime,
    keyId,
    requestId,
    writeId,
  }))
  await ask(
    `INSERT INTO app.lineage_run (id, job_id, own, state, started_at, key_id, request_id, process, write_id)
     SELECT id, "jobId", $2::uuid IS NOT NULL, state, "startedAt", "keyId", "requestId", $2, "writeId"
     FROM json_to_recordset($1) AS run(id uuid, "jobId" uuid, state text, "startedAt" timestamptz, "keyId" text, "requestId" text,
       "writeId" uuid)
     ORDER BY id, "startedAt" ON CONFLICT DO NOTHING`,
    [jsonb(runs), process ?? null],
  )
}

/** A run's state is that of its end, or else of its latest event. */
async function insertEvents(ask: Ask, events: readonly NewEvent[], { process, send }: Origin): Promise<number> {
  const rows = events.map(({ event, snapshotId }, nth) => ({
    nth,
    event,
    runId: event.run.runId,
    type: event.eventType,
    at: event.eventTime,
    snapshotId,
  }))
  const [stored] = await ask<{ count: number }>(
    `WITH sent AS (
       SELECT * FROM json_to_recordset($1)
       AS sent("runId" uuid, type text, at timestamptz, event jsonb, "snapshotId" bigint, nth integer)
     ), stored AS (
       INSERT INTO app.lineage_event (run_id, type, at, own, event, delivery)
       SELECT "runId", type, at, $2, event, CASE WHEN $3 THEN 'waiting' END FROM sent ORDER BY nth
       ON CONFLICT DO NOTHING RETURNING run_id, type, at
     ), latest AS (
       SELECT DISTINCT ON (run_id) stored.*, "snapshotId", type IN ('COMPLETE', 'FAIL', 'ABORT') AS terminal
       FROM stored JOIN sent USING (type, at) WHERE sent."runId" = run_id
       ORDER BY run_id, type IN ('COMPLETE', 'FAIL', 'ABORT') DESC, at DESC
     ), changed AS (
       UPDATE app.lineage_run AS run SET state = latest.type, ended_at = CASE WHEN terminal THEN at END,
         snapshot_id = coalesce("snapshotId", snapshot_id)
       FROM latest WHERE run.id = latest.run_id AND (terminal OR ended_at IS NULL)
     )
     SELECT count(*)::integer AS count FROM stored`,
    [jsonb(rows), process !== undefined, send],
  )
  return stored?.count ?? 0
}

async function insertEdges(ask: Ask, graphs: readonly GraphRows[]): Promise<void> {
  const aliases = graphs.flatMap(graph => graph.aliases)
  if (aliases.length > 0) await insertAliases(ask, aliases)
  const known = await ask<{ id: string; datasetId: string }>(
    'SELECT id, dataset_id AS "datasetId" FROM app.lineage_alias WHERE id = ANY ($1::uuid[])',
    [graphs.flatMap(graph => graph.datasets.map(({ id }) => id))],
  )
  const canonical = new Map(known.map(({ id, datasetId }) => [id, datasetId]))
  const resolved = (id: string) => canonical.get(id) ?? id
  const edges = graphs.flatMap(({ job, edges }) =>
    edges.map(({ datasetId, direction }) => {
      const dataset = resolved(datasetId)
      return { jobId: job.id, direction, datasetId: dataset }
    }),
  )
  await ask(
    `INSERT INTO app.lineage_edge (job_id, direction, dataset_id)
     SELECT DISTINCT "jobId", direction, "datasetId" FROM json_to_recordset($1) AS edge("jobId" uuid, direction text, "datasetId" uuid)
     ORDER BY 1, 2, 3 ON CONFLICT DO NOTHING`,
    [jsonb(edges)],
  )
  const columns = graphs.flatMap(({ job, columns }) =>
    columns.map(({ datasetId, field, fromDatasetId, fromField }) => {
      const [to, from] = [resolved(datasetId), resolved(fromDatasetId)]
      return { id: idOf(job.id, to, field, from, fromField), jobId: job.id, datasetId: to, field, fromDatasetId: from, fromField }
    }),
  )
  if (columns.length === 0) return
  await ask(
    `INSERT INTO app.lineage_column (id, job_id, dataset_id, field, from_dataset_id, from_field)
     SELECT DISTINCT ON (id) id, "jobId", "datasetId", field, "fromDatasetId", "fromField"
     FROM json_to_recordset($1) AS edge(id uuid, "jobId" uuid, "datasetId" uuid, field text, "fromDatasetId" uuid, "fromField" text)
     ORDER BY id ON CONFLICT DO NOTHING`,
    [jsonb(columns)],
  )
}

/** From now on what is said of another name is said of the dataset, and what was said is moved there. The first that gives a name has it;
 * one that has other names itself gives none. */
async function insertAliases(ask: Ask, aliases: GraphRows['aliases']): Promise<void> {
  await ask('LOCK TABLE app.lineage_alias IN SHARE ROW EXCLUSIVE MODE')
  const added = await ask<{ id: string; datasetId: string }>(
    `INSERT INTO app.lineage_alias (id, dataset_id)
     SELECT DISTINCT ON (id) id, "datasetId" FROM json_to_recordset($1) AS alias(id uuid, "datasetId" uuid)
     WHERE NOT EXISTS (SELECT FROM app.lineage_alias AS other WHERE other.id = "datasetId" OR other.dataset_id = alias.id)
     ORDER BY id ON CONFLICT DO NOTHING RETURNING id, dataset_id AS "datasetId"`,
    [jsonb(aliases)],
  )
  for (const { id, datasetId } of added) {
    await ask(
      `INSERT INTO app.lineage_edge (job_id, direction, dataset_id)
       SELECT job_id, direction, $2 FROM app.lineage_edge WHERE dataset_id = $1 ON CONFLICT DO NOTHING`,
      [id, datasetId],
    )
    await ask('DELETE FROM app.lineage_edge WHERE dataset_id = $1', [id])
    await ask('UPDATE app.lineage_column SET dataset_id = $2 WHERE dataset_id = $1', [id, datasetId])
    await ask('UPDATE app.lineage_column SET from_dataset_id = $2 WHERE from_dataset_id = $1', [id, datasetId])
  }
}
