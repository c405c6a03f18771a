import type { TableOf } from '../../api/snapshots.ts'
import { say } from '../../parts/announce.tsx'
import { go } from '../../router.ts'
import { openTab } from '../query/tabs.ts'
import { restoreSql } from './restore-sql.ts'

/** Puts the statement that restores a table into a new query, where it waits to be read and run. */
export function restoreInTab(of: TableOf, version: string, at: string | undefined, isThere: boolean): void {
  openTab({ sql: restoreSql({ ...of, version, at, isThere }), title: `Restore ${of.table.slice(0, 40)}` })
  go('query')
  say('The statement is in a new query; nothing has run')
}
