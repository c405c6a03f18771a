import { quote } from '../../catalog/quote.ts'
import type { TableName } from '../../catalog/table-name.ts'
import type { Session } from '../open-statement.ts'
import { commitWrite } from '../writes/commit-write.ts'
import { commitInfo } from './change-table.ts'
import { comparingFiles } from './live-files.ts'
import type { MaintenanceOrder } from './maintenance-order.ts'
import { type MaintenanceReport, nothing } from './maintenance-report.ts'
import { catalogSchema, readRows } from './read-catalog.ts'

type Lake = Pick<Session, 'lake'>

/** Rows that lie in the catalog itself: of a lake that once had inlining on. */
export async function planFlush({ lake }: Lake, table: TableName | undefined): Promise<MaintenanceReport> {
  const only = table ? `AND s.schema_name = ${quote(table.schema)} AND t.table_name = ${quote(table.name)}` : ''
  const inlined = await readRows(
    lake,
    `SELECT s.schema_name, t.table_name, i.table_name
     FROM ${catalogSchema}.ducklake_inlined_data_tables AS i
     JOIN ${catalogSchema}.ducklake_table AS t ON t.table_id = i.table_id AND t.end_snapshot IS NULL
     JOIN ${catalogSchema}.ducklake_schema AS s ON s.schema_id = t.schema_id AND s.end_snapshot IS NULL ${only}
     ORDER BY ALL`,
  )
  const tables = new Map<string, TableName>()
  let rows = 0
  for (const [schema, name, rowsTable] of inlined) {
    const [[count] = []] = await readRows(lake, `SELECT count(*) FROM ${catalogSchema}."${String(rowsTable)}" WHERE end_snapshot IS NULL`)
    if (Number(count) > 0) tables.set(JSON.stringify([schema, name]), { schema: String(schema), name: String(name) })
    rows += Number(count)
  }
  return { ...nothing, rows, tables: [...tables.values()] }
}

/** Moves a table's rows out of the catalog into a file. */
export async function flushTable({ lake }: Lake, order: MaintenanceOrder & { readonly table: TableName }): Promise<MaintenanceReport> {
  const { schema, name } = order.table
  let rows = 0
  const compared = await comparingFiles(lake, order.table, async () => {
    const { flushed, snapshotId } = await commitWrite({ lake }, commitInfo(order), async () => ({
      flushed: await readRows(
        lake,
        `FROM ducklake_flush_inlined_data('lake', schema_name => ${quote(schema)}, table_name => ${quote(name)})`,
      ),
    }))
    rows = flushed.reduce((sum, [, , count]) => sum + Number(count), 0)
    return rows > 0 ? snapshotId : undefined
  })
  return { ...nothing, ...compared, rows, tables: [order.table] }
}
