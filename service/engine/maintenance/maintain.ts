import { type LakeSize, lakeSizeOf, lakeSizeSql } from '../../catalog/lake-size.ts'
import { quote } from '../../catalog/quote.ts'
import type { TableName } from '../../catalog/table-name.ts'
import { ServiceError } from '../../errors.ts'
import type { Session } from '../open-statement.ts'
import { compactTable, planTables, rewriteDeletes } from './change-table.ts'
import { expireSnapshots } from './expire-snapshots.ts'
import { flushTable, planFlush } from './flush-table.ts'
import { leastAgeHours, type MaintenanceOrder } from './maintenance-order.ts'
import type { MaintenanceReport } from './maintenance-report.ts'
import { catalogSchema, readRows } from './read-catalog.ts'
import { removeFiles } from './remove-files.ts'

/** What came of it, and how large the lake is now. */
export type Maintained = MaintenanceReport & { readonly size: LakeSize }

/** Does one task of maintenance, or says what it would do. Whoever orders a change of a table holds its lock.
 * @throws ServiceError notFound, or invalidRequest for an age below `leastAgeHours`, whoever asks for it; or DuckDB's own error. */
export async function maintain(session: Pick<Session, 'lake'>, order: MaintenanceOrder): Promise<Maintained> {
  if (order.table) await assertTable(session, order.table)
  const report = await performTask(session, order)
  const [size] = await readRows(session.lake, lakeSizeSql(catalogSchema))
  return { ...report, size: lakeSizeOf(size) }
}

function performTask(session: Pick<Session, 'lake'>, order: MaintenanceOrder): Promise<MaintenanceReport> {
  const { task, dryRun, table } = order
  switch (task) {
    case 'expire':
      return expireSnapshots(session, before(order), dryRun)
    case 'clean-up':
    case 'orphans':
      return removeFiles(session, task, before(order), dryRun, order.keptFiles)
    case 'flush':
      return dryRun ? planFlush(session, table) : flushTable(session, { ...order, table: named(table) })
    case 'compact':
      return dryRun ? planTables(session, order) : compactTable(session, { ...order, table: named(table) })
    case 'rewrite-deletes':
      return dryRun ? planTables(session, order) : rewriteDeletes(session, { ...order, table: named(table) })
  }
}

/** Views have no files. */
async function assertTable({ lake }: Pick<Session, 'lake'>, { schema, name }: TableName): Promise<void> {
  const found = await readRows(
    lake,
    `FROM ${catalogSchema}.ducklake_table AS t JOIN ${catalogSchema}.ducklake_schema AS s ON s.schema_id = t.schema_id
     WHERE t.end_snapshot IS NULL AND s.end_snapshot IS NULL AND t.table_name = ${quote(name)} AND s.schema_name = ${quote(schema)}`,
  )
  if (found.length === 0) throw new ServiceError('notFound', `There is no table ${schema}.${name}.`)
}

/** Only one table's lock can be held by whoever orders the change. */
function named(table: TableName | undefined): TableName {
  if (!table) throw new Error('a change of a table names none')
  return table
}

/** As SQL. */
function before({ olderThanHours = leastAgeHours }: MaintenanceOrder): string {
  if (!(olderThanHours >= leastAgeHours))
    throw new ServiceError(
      'invalidRequest',
      `olderThanHours is ${olderThanHours}: what is younger than ${leastAgeHours} hours may belong to a write that is not finished.`,
    )
  return `now() - INTERVAL ${Math.floor(olderThanHours)} HOUR`
}
