import type { components } from '../../client/api-types.ts'
import { askJson } from './ask.ts'
import type { Row } from './rows.ts'

export type Snapshot = components['schemas']['Snapshot']
export type TableChange = components['schemas']['TableChange']
export type TableDiff = Omit<components['schemas']['TableDiff'], 'rows'> & {
  readonly rows: readonly { readonly before: Row | null; readonly after: Row | null }[]
}

/** Of what lies between two versions. */
const [pageSize, maxPages] = [1_000, 20]

/** A table by its name. */
export interface TableOf {
  readonly schema: string
  readonly table: string
}

export interface SnapshotPage {
  /** The newest version of the lake. */
  readonly snapshotId: string
  readonly snapshots: readonly Snapshot[]
  /** What `before` is for the next page; null after the last. */
  readonly next: string | null
}

/** A page of the time line, newest first. @param of a table; without it, of the lake. @param before only older ones */
export function listSnapshots(of: TableOf | undefined, before: string | undefined, limit: number): Promise<SnapshotPage> {
  const query = new URLSearchParams({ limit: String(limit), ...(of && { schema: of.schema, table: of.table }), ...(before && { before }) })
  return askJson(`/v1/snapshots?${query}`)
}

/** Versions behind one up to another, newest first. @returns undefined if they are more than anybody wants to wait for */
export async function listBetween(from: string, to: string): Promise<readonly Snapshot[] | undefined> {
  const found: Snapshot[] = []
  let before = String(BigInt(to) + 1n)
  for (let page = 0; page < maxPages; page++) {
    const { snapshots, next } = await listSnapshots(undefined, before, pageSize)
    found.push(...snapshots.filter(({ snapshotId }) => BigInt(snapshotId) > BigInt(from)))
    const last = snapshots.at(-1)
    if (next === null || !last || BigInt(last.snapshotId) <= BigInt(from)) return found
    before = next
  }
  return undefined
}

export function diffTable({ schema, table }: TableOf, from: string, to: string, limit: number, signal: AbortSignal): Promise<TableDiff> {
  const path = [schema, table].map(encodeURIComponent).join('/')
  return askJson(`/v1/tables/${path}/diff?from=${from}&to=${to}&limit=${limit}`, { signal })
}
