import { type TableName, tableSql } from '../catalog/table-name.ts'
import { listTablesSql, tableEntry } from '../catalogue/list-tables.ts'
import { readRows } from '../catalogue/read-rows.ts'
import { sameName } from '../engine/same-name.ts'
import type { EnginePool } from '../engine-pool/engine-pool.ts'
import type { Owner } from '../engine-pool/pool-limits.ts'
import { ServiceError } from '../errors.ts'

export interface Column {
  readonly name: string
  /** Whether a row may leave it out: it takes NULL or has a default. */
  readonly optional: boolean
  readonly nullable: boolean
}

/** A table with its columns by name. */
export interface QueuedTable extends TableName {
  readonly columns: ReadonlyMap<string, Column>
}

/** How long what was read of a table is taken for true: sending must not wait for an engine each time, and whoever drains looks again. */
const knownMs = 5_000

/** Tables that one process remembers. */
const maxKnown = 1_000

/** What the door of the queue knows of tables. */
export class TableColumns {
  private readonly known = new Map<string, { readonly table: QueuedTable; readonly readAtMs: number }>()

  constructor(private readonly engines: EnginePool) {}

  /** @throws ServiceError notFound, or invalidRequest for a view */
  async of(wanted: TableName, owner: Owner): Promise<QueuedTable> {
    const known = this.known.get(keyOf(wanted))
    return known && performance.now() - known.readAtMs < knownMs ? known.table : this.anew(wanted, owner)
  }

  /** The same as it is now. @throws ServiceError notFound, or invalidRequest for a view */
  async anew(wanted: TableName, owner: Owner): Promise<QueuedTable> {
    const key = keyOf(wanted)
    const table = await this.read(wanted, owner)
    this.known.delete(key)
    const [oldest] = this.known.keys()
    if (oldest !== undefined && this.known.size >= maxKnown) this.known.delete(oldest)
    this.known.set(key, { table, readAtMs: performance.now() })
    return table
  }

  private async read({ schema, name }: TableName, owner: Owner): Promise<QueuedTable> {
    const [found] = (await readRows(this.engines, owner, listTablesSql({ schema, name }))).rows.map(tableEntry)
    if (!found) throw new ServiceError('notFound', `There is no table ${schema}.${name} that this key may use.`)
    if (found.kind === 'view') throw new ServiceError('invalidRequest', `${schema}.${name} is a view: rows can only be added to a table.`)
    const described = await readRows(this.engines, owner, `DESCRIBE ${tableSql(found)}`)
    const columns = described.rows.map(([column, , nullable, , initial]) => ({
      name: String(column),
      nullable: nullable === 'YES',
      optional: nullable === 'YES' || (typeof initial === 'string' && initial !== 'NULL'),
    }))
    return { schema: found.schema, name: found.name, columns: new Map(columns.map(column => [column.name, column])) }
  }
}

function keyOf({ schema, name }: TableName): string {
  return JSON.stringify([sameName(schema), sameName(name)])
}
