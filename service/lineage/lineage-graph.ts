import { type Grants, mayRead } from '../access/grants.ts'
import { findDataset, type Heading, readDatasets, readJobs, type StoredJob, walkColumns, walkEdges } from '../store/lineage-graph.ts'
import type { Ask } from '../store/store.ts'
import { datasetId } from './graph-rows.ts'
import { type NodeName, tableOf } from './names.ts'

export type GraphNode = NodeName & { readonly id: string } & (
    | { readonly kind: 'dataset' }
    | { readonly kind: 'column'; readonly column: string }
    | { readonly kind: 'job'; readonly type: string | null; readonly lastRun: StoredJob['lastRun'] }
  )

/** From what was read to who read it, and from who wrote to what was written; from column to column, with the job between them. */
export interface GraphEdge {
  readonly from: string
  readonly to: string
  readonly job?: string
}

export interface LineageGraph {
  readonly root: string
  readonly nodes: GraphNode[]
  readonly edges: GraphEdge[]
  /** There is more than may be shown. */
  readonly truncated: boolean
}

export interface GraphQuestion {
  readonly dataset: NodeName
  readonly column?: string | undefined
  readonly headings: readonly Heading[]
  readonly depth: number
  readonly grants: Grants
}

/** Whatever a key may not read is left out, with every way that leads over it, and without a word: neither names nor numbers tell of it.
 * A job is shown to a key with grants if the key may read all that it ever wrote, because jobs are named after that.
 * @returns nothing if no event named the dataset, or the key may not read it */
export async function readGraph(ask: Ask, question: GraphQuestion, lakeNamespace: string): Promise<LineageGraph | undefined> {
  const root = await findDataset(ask, datasetId(question.dataset, lakeNamespace))
  if (!root || !isReadable(root, question.grants, lakeNamespace)) return undefined
  return question.column === undefined
    ? datasetGraph(ask, root.id, question, lakeNamespace)
    : columnGraph(ask, root, question.column, question, lakeNamespace)
}

async function datasetGraph(
  ask: Ask,
  root: string,
  { headings, depth, grants }: GraphQuestion,
  lakeNamespace: string,
): Promise<LineageGraph> {
  const walks = await Promise.all(headings.map(heading => walkEdges(ask, root, heading, depth)))
  const stored = walks.flatMap(({ edges }) => edges)
  const datasets = await readDatasets(ask, [root, ...stored.map(edge => edge.datasetId)])
  const jobs = await readJobs(ask, [...new Set(stored.map(({ jobId }) => jobId))])
  const shownJobs = jobs.filter(job => isShown(job, grants, lakeNamespace))
  const nodes = new Map<string, GraphNode>([
    ...datasets
      .filter(dataset => isReadable(dataset, grants, lakeNamespace))
      .map(({ id, namespace, name }) => [id, { kind: 'dataset', id: `dataset:${namespace}:${name}`, namespace, name }] as const),
    ...shownJobs.map(
      ({ id, namespace, name, type, lastRun }) =>
        [id, { kind: 'job', id: `job:${namespace}:${name}`, namespace, name, type, lastRun }] as const,
    ),
  ])
  const edges = stored.map(({ jobId, direction, datasetId }) =>
    direction === 'in' ? { from: datasetId, to: jobId } : { from: jobId, to: datasetId },
  )
  return reachable(
    root,
    nodes,
    edges,
    headings,
    walks.some(({ truncated }) => truncated),
  )
}

async function columnGraph(
  ask: Ask,
  { id, namespace, name }: NodeName & { readonly id: string },
  column: string,
  { headings, depth, grants }: GraphQuestion,
  lakeNamespace: string,
): Promise<LineageGraph> {
  const walks = await Promise.all(headings.map(heading => walkColumns(ask, { datasetId: id, field: column }, heading, depth)))
  const stored = walks.flatMap(({ edges }) => edges)
  const datasets = await readDatasets(ask, [...new Set(stored.flatMap(edge => [edge.datasetId, edge.fromDatasetId]))])
  const readable = new Map(datasets.filter(dataset => isReadable(dataset, grants, lakeNamespace)).map(dataset => [dataset.id, dataset]))
  const jobs = await readJobs(ask, [...new Set(stored.map(({ jobId }) => jobId))])
  const jobNames = new Map(jobs.filter(job => isShown(job, grants, lakeNamespace)).map(job => [job.id, job.name]))
  const key = (dataset: string, field: string) => `${dataset}:${field.toLowerCase()}`
  const root = key(id, column)
  const nodes = new Map<string, GraphNode>([
    [root, { kind: 'column', id: `column:${namespace}:${name}:${column}`, namespace, name, column }],
  ])
  const add = (dataset: string, field: string): string => {
    const known = readable.get(dataset)
    const at = key(dataset, field)
    if (known && !nodes.has(at)) {
      const named = { namespace: known.namespace, name: known.name, column: field }
      nodes.set(at, { kind: 'column', id: `column:${known.namespace}:${known.name}:${field}`, ...named })
    }
    return at
  }
  const edges = stored.map(edge => ({
    from: add(edge.fromDatasetId, edge.fromField),
    to: add(edge.datasetId, edge.field),
    job: jobNames.get(edge.jobId) ?? '',
  }))
  return reachable(
    root,
    nodes,
    edges,
    headings,
    walks.some(({ truncated }) => truncated),
  )
}

/** The part of a graph that can be reached over nodes that are shown. */
function reachable(
  root: string,
  nodes: ReadonlyMap<string, GraphNode>,
  edges: readonly GraphEdge[],
  headings: readonly Heading[],
  truncated: boolean,
): LineageGraph {
  const open = edges.filter(({ from, to }) => nodes.has(from) && nodes.has(to))
  const kept = new Map<string, GraphEdge>()
  const seen = new Set([root])
  for (const heading of headings) {
    const next = new Map<string, GraphEdge[]>()
    for (const edge of open) {
      const at = heading === 'up' ? edge.to : edge.from
      next.set(at, [...(next.get(at) ?? []), edge])
    }
    const walked = new Set([root])
    // A set goes on to what is added while it is walked.
    for (const at of walked)
      for (const edge of next.get(at) ?? []) {
        walked.add(heading === 'up' ? edge.from : edge.to)
        kept.set(JSON.stringify([edge.from, edge.to, edge.job]), edge)
      }
    for (const at of walked) seen.add(at)
  }
  const idOf = (at: string) => nodes.get(at)?.id ?? at
  return {
    root: idOf(root),
    nodes: [...nodes].filter(([at]) => seen.has(at)).map(([, node]) => node),
    edges: [...kept.values()].map(({ from, to, ...rest }) => ({ from: idOf(from), to: idOf(to), ...rest })),
    truncated,
  }
}

function isShown({ outputs }: StoredJob, grants: Grants, lakeNamespace: string): boolean {
  return grants === undefined || (outputs.length > 0 && outputs.every(output => isReadable(output, grants, lakeNamespace)))
}

/** Grants are on tables of the lake: a key that has some reads nothing else. */
export function isReadable({ namespace, name }: NodeName, grants: Grants, lakeNamespace: string): boolean {
  if (grants === undefined) return true
  const table = namespace === lakeNamespace ? tableOf(name) : undefined
  return table !== undefined && mayRead(grants, { schema: table.schema, name: table.table })
}
