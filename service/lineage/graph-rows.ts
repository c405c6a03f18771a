import { createHash } from 'node:crypto'
import { canonicalName, type NodeName } from './names.ts'
import type { EventDataset, RunEvent } from './run-event.ts'

export type Direction = 'in' | 'out'

/** A node under the id that is made of its name. */
export interface NodeRow extends NodeName {
  readonly id: string
}

/** What an event adds to the graph. */
export interface GraphRows {
  readonly job: NodeRow & { readonly type: string | null }
  readonly datasets: readonly NodeRow[]
  readonly edges: readonly { readonly datasetId: string; readonly direction: Direction }[]
  readonly columns: readonly {
    readonly datasetId: string
    readonly field: string
    readonly fromDatasetId: string
    readonly fromField: string
  }[]
  /** `id` is another name of the dataset. */
  readonly aliases: readonly { readonly id: string; readonly datasetId: string }[]
}

/** @returns sixteen bytes of a hash, written as PostgreSQL writes a UUID: names are too long for its indexes */
export function idOf(...parts: readonly string[]): string {
  return createHash('sha256')
    .update(JSON.stringify(parts))
    .digest('hex')
    .slice(0, 32)
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

export function datasetId(name: NodeName, lakeNamespace: string): string {
  const canonical = canonicalName(name, lakeNamespace)
  return idOf('dataset', canonical.namespace, canonical.name)
}

export function graphRowsOf({ job, inputs = [], outputs = [] }: RunEvent, lakeNamespace: string): GraphRows {
  const datasets = new Map<string, NodeRow>()
  const add = ({ namespace, name }: NodeName): string => {
    const id = datasetId({ namespace, name }, lakeNamespace)
    if (!datasets.has(id)) datasets.set(id, { id, namespace, name })
    return id
  }
  const edges = [
    ...inputs.map(input => ({ datasetId: add(input), direction: 'in' as const })),
    ...outputs.map(output => ({ datasetId: add(output), direction: 'out' as const })),
  ]
  const columns = outputs.flatMap(output =>
    Object.entries(output.facets?.columnLineage?.fields ?? {}).flatMap(([field, { inputFields }]) =>
      inputFields.map(from => ({ datasetId: add(output), field, fromDatasetId: add(from), fromField: from.field })),
    ),
  )
  const aliases = [...inputs, ...outputs].flatMap(dataset => aliasesOf(dataset, lakeNamespace, add))
  const type = job.facets?.jobType?.jobType ?? null
  return {
    job: { id: idOf('job', job.namespace, job.name), namespace: job.namespace, name: job.name, type },
    datasets: [...datasets.values()],
    edges,
    columns,
    aliases,
  }
}

/** Whatever an event says, a table of the lake keeps its own name. */
function aliasesOf(dataset: EventDataset, lakeNamespace: string, add: (name: NodeName) => string): GraphRows['aliases'] {
  const isOurs = ({ namespace }: NodeName) => namespace === lakeNamespace
  return (dataset.facets?.symlinks?.identifiers ?? []).flatMap(other => {
    const [own, alias] = isOurs(other) ? [other, dataset] : [dataset, other]
    if (isOurs(alias)) return []
    const id = datasetId(alias, lakeNamespace)
    const of = add(own)
    return id === of ? [] : [{ id, datasetId: of }]
  })
}
