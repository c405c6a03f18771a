import { signal } from '@preact/signals'
import { type Problem, toProblem } from '../api/ask.ts'
import { type ColumnEntry, describeTable, listTables, type TableEntry } from '../api/catalogue.ts'

export interface Catalogue {
  readonly snapshotId: string
  readonly tables: readonly TableEntry[]
}

/** What is in the lake, as it was when it was last asked for. */
export const catalogue = signal<Catalogue | undefined>(undefined)
export const catalogueProblem = signal<Problem | undefined>(undefined)
/** Columns by the table's address; those of the version that `catalogue` has. */
export const columnsByTable = signal<ReadonlyMap<string, readonly ColumnEntry[]>>(new Map())

/** Tables whose columns are fetched ahead, for completion; those of others come when they are opened. */
const maxAhead = 100

const loading = new Map<string, Promise<void>>()

export async function loadCatalogue(): Promise<void> {
  try {
    const found = await listTables()
    if (found.snapshotId !== catalogue.peek()?.snapshotId) columnsByTable.value = new Map()
    catalogue.value = found
    catalogueProblem.value = undefined
    // One that cannot be described, because its name cannot stand in an address, keeps no other from it.
    for (const table of found.tables.slice(0, maxAhead)) await loadColumns(table).catch(() => {})
  } catch (error) {
    catalogueProblem.value = toProblem(error)
  }
}

export function loadColumns({ schema, name }: Pick<TableEntry, 'schema' | 'name'>): Promise<void> {
  const address = addressOf(schema, name)
  if (columnsByTable.peek().has(address)) return Promise.resolve()
  const known = loading.get(address)
  if (known) return known
  const asked = describeTable(schema, name)
    .then(({ columns }) => {
      columnsByTable.value = new Map(columnsByTable.peek()).set(address, columns)
    })
    .finally(() => loading.delete(address))
  loading.set(address, asked)
  return asked
}

export function addressOf(schema: string, name: string): string {
  return JSON.stringify([schema, name])
}
