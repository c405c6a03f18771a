import { describe } from './ingest/describe.ts'
import type { DescribeOrder, Description } from './ingest/describe-source.ts'
import { type Maintained, maintain } from './maintenance/maintain.ts'
import type { MaintenanceOrder } from './maintenance/maintenance-order.ts'
import type { Session } from './open-statement.ts'
import { type DeletionsOrder, type DeletionsReport, readDeletions } from './publish/read-deletions.ts'
import { type CheckpointOrder, type CheckpointReport, writeCheckpoint } from './publish/write-checkpoint.ts'
import { useThreads } from './use-threads.ts'
import { type AppendOrder, type AppendReport, append } from './writes/append.ts'
import { load } from './writes/load.ts'
import type { LoadOrder, LoadReport } from './writes/load-order.ts'
import { runWrite, type WriteOrder, type WriteReport } from './writes/run-write.ts'

/** What an engine can do beside running a caller's SELECT: each verb with what it is told and what it tells. Both travel as JSON. */
export interface Works {
  append: { readonly order: AppendOrder; readonly report: AppendReport }
  checkpoint: { readonly order: CheckpointOrder; readonly report: CheckpointReport }
  deletions: { readonly order: DeletionsOrder; readonly report: DeletionsReport }
  describe: { readonly order: DescribeOrder; readonly report: Description }
  load: { readonly order: LoadOrder; readonly report: LoadReport }
  maintain: { readonly order: MaintenanceOrder; readonly report: Maintained }
  write: { readonly order: WriteOrder; readonly report: WriteReport }
}

export type WorkName = keyof Works
export type OrderOf<Name extends WorkName> = Works[Name]['order']
export type ReportOf<Name extends WorkName> = Works[Name]['report']

/** A verb with its order. */
export type Work<Name extends WorkName = WorkName> = { [Each in Name]: { readonly name: Each; readonly order: OrderOf<Each> } }[Name]

type Verb<Name extends WorkName> = (session: Session, order: OrderOf<Name>) => Promise<ReportOf<Name>>

const verbs: { readonly [Name in WorkName]: Verb<Name> } = {
  append,
  checkpoint: writeCheckpoint,
  deletions: readDeletions,
  describe,
  load,
  maintain,
  write: runWrite,
}

/** @throws ServiceError, or DuckDB's own error; nothing was changed then, unless the code is `outcomeUnknown`. */
export async function perform<Name extends WorkName>(session: Session, { name, order }: Work<Name>): Promise<ReportOf<Name>> {
  // Only an engine that writes may: small appends are what it is asked for most, and most often.
  if (name === 'append') await useThreads(session, 1)
  else if (name === 'load' || name === 'write') await useThreads(session, session.threads)
  return verbs[name](session, order)
}
