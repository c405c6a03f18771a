import type { TableOf } from '../../api/snapshots.ts'
import { go } from '../../router.ts'
import { quoteTable } from '../../sql/quote-name.ts'
import { runStatements } from '../query/run-statements.ts'
import { openTab } from '../query/tabs.ts'

/** A new query that reads the lake as it was. @param of the table whose rows it shows; without one it lists the tables */
export function queryAsOf(of: TableOf | undefined, version: string): void {
  const sql = of ? `FROM ${quoteTable(of.schema, of.table)}\nLIMIT 1000` : '-- Every table is read as it was in the version of “as of”.\n'
  const tab = openTab({ sql, title: `${(of?.table ?? 'lake').slice(0, 40)} as of ${version}`, asOf: { version } })
  go('query')
  if (of) runStatements(tab, [{ sql, from: 0 }])
}
