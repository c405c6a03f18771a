import { sameName } from '../engine/same-name.ts'

/** What a job reads or writes: a table of the lake, or an object of the raw datasets. */
export type DatasetName =
  | { readonly schema: string; readonly table: string }
  /** `bucket` is missing where objects lie in a folder of this machine. */
  | { readonly object: string; readonly bucket?: string }

/** A dataset or a job as OpenLineage names it. */
export interface NodeName {
  readonly namespace: string
  readonly name: string
}

/** @param lake what stands for the lake: its id, or what LINEAGE_NAMESPACE says */
export function namespaceOf(lake: string): string {
  return `ducklake://${lake}`
}

/** Tables are `schema.table` in the lake's namespace, objects their key in that of the bucket. */
export function nodeNameOf(dataset: DatasetName, namespace: string): NodeName {
  if ('table' in dataset) return { namespace, name: `${part(dataset.schema)}.${part(dataset.table)}` }
  return { namespace: dataset.bucket === undefined ? `${namespace}/objects` : `s3://${dataset.bucket}`, name: dataset.object }
}

/** The table that a name in the lake's namespace stands for; nothing if it stands for none. */
export function tableOf(name: string): { readonly schema: string; readonly table: string } | undefined {
  const [, schema, table] = /^("(?:[^"]|"")+"|[^."]+)\.("(?:[^"]|"")+"|[^."]+)$/.exec(name) ?? []
  return schema === undefined || table === undefined ? undefined : { schema: unquoted(schema), table: unquoted(table) }
}

/** As DuckDB compares names: its tables have no case, whatever an event says. */
export function canonicalName({ namespace, name }: NodeName, lakeNamespace: string): NodeName {
  return { namespace, name: namespace === lakeNamespace ? sameName(name) : name }
}

/** A dot in a name must not look like the one between schema and table. */
function part(name: string): string {
  return /[."]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name
}

function unquoted(part: string): string {
  return part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part
}
