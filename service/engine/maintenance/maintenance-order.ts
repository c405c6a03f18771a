import type { TableName } from '../../catalog/table-name.ts'

/** What can be done to a lake's files. `docs/maintenance.md` says what each removes. */
export const maintenanceTasks = ['flush', 'compact', 'rewrite-deletes', 'expire', 'clean-up', 'orphans'] as const
export type MaintenanceTask = (typeof maintenanceTasks)[number]

/** Files younger than this may belong to a statement or a commit that is not finished: no setting and no caller gets below it. */
export const leastAgeHours = 24

export interface MaintenanceOrder {
  readonly task: MaintenanceTask
  /** Says what it would do, and does nothing. */
  readonly dryRun: boolean
  /** One table; missing: the whole lake. Only dry runs and tasks that concern no table do without. */
  readonly table?: TableName
  /** The run's id, for the commit. */
  readonly run: string
  /** The part of a file's rows, from 0 to 1, that must be deleted before it is rewritten. */
  readonly deletedShare?: number
  /** Snapshots older than this are expired, files that nothing needs for longer than this are removed. */
  readonly olderThanHours?: number
  /** Data files that a clean-up leaves alone, by the catalog's ids; a dry run counts without them. */
  readonly keptFiles?: readonly string[]
}
