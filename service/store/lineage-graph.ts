import type { Direction, NodeRow } from '../lineage/graph-rows.ts'
import type { EventType } from '../lineage/run-event.ts'
import type { Ask } from './store.ts'

/** Datasets of one graph; more would be a picture that nobody reads. */
export const maxDatasets = 1_000

/** Edges of one graph. */
export const maxEdges = 5_000

/** From a dataset to what it was made of, or to what was made of it. */
export type Heading = 'up' | 'down'

/** Which side of a job is nearer to the dataset that was asked for, and which is further away. */
const sides: Readonly<Record<Heading, readonly [near: Direction, far: Direction]>> = { up: ['out', 'in'], down: ['in', 'out'] }

export interface StoredEdge {
  readonly jobId: string
  readonly direction: Direction
  readonly datasetId: string
}

/** @returns the dataset that has this name, or has it as another name; nothing if no event named it */
export async function findDataset(ask: Ask, id: string): Promise<NodeRow | undefined> {
  const [found] = await ask<NodeRow>(
    `SELECT id, namespace, name FROM app.lineage_dataset
     WHERE id = coalesce((SELECT dataset_id FROM app.lineage_alias WHERE id = $1), $1)`,
    [id],
  )
  return found
}

/** Walks from a dataset over jobs to others. @param depth how many jobs lie between at most
 * @returns the edges of the jobs on the way, and whether there are more than may be shown */
export async function walkEdges(
  ask: Ask,
  root: string,
  heading: Heading,
  depth: number,
): Promise<{ edges: StoredEdge[]; truncated: boolean }> {
  const [near, far] = sides[heading]
  // The rows come in the order of their depth, and no more of them are made than are fetched; one that lies on a circle comes in every round.
  const rowsMax = (maxDatasets + 1) * (depth + 1)
  const visited = await ask<{ id: string; depth: number; rows: string }>(
    `WITH RECURSIVE walk (dataset_id, depth) AS (
       SELECT $1::uuid, 0
       UNION
       SELECT far.dataset_id, depth + 1
       FROM walk JOIN app.lineage_edge AS near ON near.dataset_id = walk.dataset_id AND near.direction = $2
         JOIN app.lineage_edge AS far ON far.job_id = near.job_id AND far.direction = $3
       WHERE depth < $4
     ), found AS (SELECT * FROM walk LIMIT $5)
     SELECT dataset_id AS id, min(depth) AS depth, sum(count(*)) OVER () AS rows FROM found GROUP BY dataset_id ORDER BY 2, 1 LIMIT $6`,
    [root, near, far, depth, rowsMax, maxDatasets],
  )
  const ids = visited.map(({ id }) => id)
  const edges = await ask<StoredEdge>(
    `SELECT job_id AS "jobId", direction, dataset_id AS "datasetId" FROM app.lineage_edge
     WHERE dataset_id = ANY ($1::uuid[]) AND job_id IN (SELECT job_id FROM app.lineage_edge WHERE dataset_id = ANY ($2::uuid[]) AND direction = $3)
     ORDER BY 1, 2, 3 LIMIT $4`,
    [ids, visited.filter(each => each.depth < depth).map(({ id }) => id), near, maxEdges + 1],
  )
  const truncated = ids.length === maxDatasets || Number(visited[0]?.rows) === rowsMax || edges.length > maxEdges
  return { edges: edges.slice(0, maxEdges), truncated }
}

export async function readDatasets(ask: Ask, ids: readonly string[]): Promise<NodeRow[]> {
  return ask<NodeRow>('SELECT id, namespace, name FROM app.lineage_dataset WHERE id = ANY ($1::uuid[]) ORDER BY namespace, name', [ids])
}

export interface StoredJob extends NodeRow {
  readonly type: string | null
  readonly lastRun: {
    readonly id: string
    readonly state: EventType
    readonly startedAt: string
    readonly endedAt: string | null
    readonly snapshotId: string | null
  } | null
  /** All that it ever wrote. */
  readonly outputs: readonly { readonly namespace: string; readonly name: string }[]
}

export async function readJobs(ask: Ask, ids: readonly string[]): Promise<StoredJob[]> {
  return ask<StoredJob>(
    `SELECT job.id, job.namespace, job.name, job.type, last."lastRun",
       coalesce((SELECT json_agg(json_build_object('namespace', dataset.namespace, 'name', dataset.name))
         FROM app.lineage_edge JOIN app.lineage_dataset AS dataset ON dataset.id = dataset_id
         WHERE job_id = job.id AND direction = 'out'), '[]') AS outputs
     FROM app.lineage_job AS job LEFT JOIN LATERAL (
       SELECT json_build_object('id', id, 'state', state, 'startedAt', started_at, 'endedAt', ended_at, 'snapshotId', snapshot_id::text) AS "lastRun"
       FROM app.lineage_run WHERE job_id = job.id ORDER BY started_at DESC LIMIT 1
     ) AS last ON true
     WHERE job.id = ANY ($1::uuid[]) ORDER BY job.namespace, job.name`,
    [ids],
  )
}

export interface StoredColumnEdge {
  readonly datasetId: string
  readonly field: string
  readonly fromDatasetId: string
  readonly fromField: string
  readonly jobId: string
}

/** The same walk from column to column. Names of columns have no case. */
export async function walkColumns(
  ask: Ask,
  { datasetId, field }: { readonly datasetId: string; readonly field: string },
  heading: Heading,
  depth: number,
): Promise<{ edges: StoredColumnEdge[]; truncated: boolean }> {
  const [near, far] = heading === 'up' ? ['', 'from_'] : ['from_', '']
  const edges = await ask<StoredColumnEdge>(
    `WITH RECURSIVE walk (id, dataset_id, field, depth) AS (
       SELECT NULL::uuid, $1::uuid, lower($2), 0
       UNION
       SELECT edge.id, edge.${far}dataset_id, lower(edge.${far}field), depth + 1
       FROM walk JOIN app.lineage_column AS edge ON edge.${near}dataset_id = walk.dataset_id AND lower(edge.${near}field) = walk.field
       WHERE depth < $3
     ), found AS (SELECT id FROM walk LIMIT $4)
     SELECT dataset_id AS "datasetId", field, from_dataset_id AS "fromDatasetId", from_field AS "fromField", job_id AS "jobId"
     FROM app.lineage_column WHERE id IN (SELECT id FROM found) ORDER BY id LIMIT $5`,
    [datasetId, field, depth, maxEdges * (depth + 1), maxEdges + 1],
  )
  return { edges: edges.slice(0, maxEdges), truncated: edges.length > maxEdges }
}
