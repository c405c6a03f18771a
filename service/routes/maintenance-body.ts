import { type Static, Type } from 'typebox'
import { leastAgeHours, maintenanceTasks } from '../engine/maintenance/maintenance-order.ts'
import { maxListed } from '../engine/maintenance/maintenance-report.ts'
import { runStates, type StoredRun } from '../store/maintenance-runs.ts'
import { name, orNull } from './schemas.ts'

export const taskPath = Type.Object({ task: Type.Enum([...maintenanceTasks]) })
export const runPath = Type.Object({ id: Type.String({ format: 'uuid' }) })

/** What is asked for beside the task. */
export const runBody = Type.Object(
  {
    dryRun: Type.Optional(Type.Boolean({ description: 'Says what it would do, and does nothing.' })),
    table: Type.Optional(
      Type.Object(
        { schema: name, table: name },
        { additionalProperties: false, description: 'Of flush, compact and rewrite-deletes: this one only.' },
      ),
    ),
    deletedPercent: Type.Optional(
      Type.Number({ minimum: 1, maximum: 100, description: 'Of rewrite-deletes: a file from which so much is deleted is written anew.' }),
    ),
    olderThanHours: Type.Optional(
      Type.Integer({
        minimum: leastAgeHours,
        maximum: 876_000,
        description: 'Of expire, clean-up and orphans. Anything younger than a day may belong to a write that is not finished.',
      }),
    ),
  },
  { additionalProperties: false, title: 'MaintenanceRequest' },
)

const count = Type.Integer()
const file = Type.Object({ path: Type.String({ description: 'Within the lake’s own place.' }), bytes: count })
const size = Type.Object({
  files: count,
  bytes: count,
  deleteFiles: count,
  deletedRows: count,
  oldFiles: count,
  oldBytes: count,
  snapshots: count,
})

/** What is told of a run. */
export const runEntry = Type.Object(
  {
    id: Type.String(),
    task: Type.String({ description: 'Also backup and restore-drill, which are begun by npm.' }),
    dryRun: Type.Boolean(),
    table: orNull(Type.Object({ schema: Type.String(), table: Type.String() })),
    olderThanHours: orNull(count),
    deletedPercent: orNull(Type.Number()),
    requestedBy: Type.String({ description: 'A key’s id, or schedule.' }),
    state: Type.Enum([...runStates]),
    startedAt: Type.String(),
    endedAt: orNull(Type.String()),
    report: orNull(
      Type.Object({
        files: Type.Array(file, { description: `Merged, rewritten, removed or copied ones; the first ${maxListed}.` }),
        fileCount: count,
        bytes: count,
        created: Type.Object({ fileCount: count, bytes: count }),
        snapshots: Type.Array(Type.String(), { description: `Expired ones; the first ${maxListed}.` }),
        snapshotCount: count,
        rows: Type.Integer({ description: 'Rows that were moved out of the catalog.' }),
        tables: Type.Array(Type.Object({ schema: Type.String(), table: Type.String() })),
      }),
      'What it did, or as a dry run what it would do.',
    ),
    before: orNull(size, 'The lake before it.'),
    after: orNull(size, 'The lake after it.'),
    snapshotId: orNull(Type.String(), 'The version of the lake that it made.'),
    error: orNull(Type.Object({ code: Type.String(), detail: Type.String() })),
  },
  { title: 'MaintenanceRun' },
)

export function shownRun(run: StoredRun): Static<typeof runEntry> {
  const { table, olderThanHours = null, deletedShare } = run.options
  return {
    id: run.id,
    task: run.task,
    dryRun: run.dryRun,
    table: table ? { schema: table.schema, table: table.name } : null,
    olderThanHours,
    deletedPercent: deletedShare === undefined ? null : Math.round(deletedShare * 10_000) / 100,
    requestedBy: run.requestedBy,
    state: run.state,
    startedAt: run.startedAt.toISOString(),
    endedAt: run.endedAt?.toISOString() ?? null,
    report: run.report && {
      ...run.report,
      files: run.report.files.map(each => ({ ...each })),
      snapshots: [...run.report.snapshots],
      tables: run.report.tables.map(({ schema, name: of }) => ({ schema, table: of })),
    },
    before: run.sizeBefore,
    after: run.sizeAfter,
    snapshotId: run.snapshotId,
    error: run.error,
  }
}
