import type { Column } from '../engine/messages.ts'
import type { DatasetName } from './names.ts'

/** A dataset that a run reads or writes, with what is known of it. */
export type RunInput = DatasetName & {
  readonly columns?: readonly Column[]
  /** The version of the lake in which it was read. */
  readonly snapshotId?: string
}
export type RunOutput = RunInput & {
  readonly rowCount?: number
  readonly bytes?: number
  /** Which columns each of its columns was made of. */
  readonly columnLineage?: Readonly<Record<string, readonly (DatasetName & { readonly column: string })[]>>
}

/** The run of somebody else that this one is a part of. */
export interface ParentRun {
  readonly namespace: string
  readonly name: string
  readonly runId: string
}

export interface RunStart {
  /** `kind`: append, statement, query, upload, compact … Runs of the same job have the same name; without one it is made of the kind and
   * of what is written, else of the key. */
  readonly job: { readonly kind: string; readonly name?: string }
  readonly inputs: readonly RunInput[]
  /** As far as they are known: with them a run that was lost still says what it was about to write. */
  readonly outputs?: readonly RunOutput[]
  readonly sql?: string
  readonly parent?: ParentRun | undefined
  readonly requestId: string
  readonly keyId: string
  /** The id that the commit carries, where there is one: by it a run whose process died is found to have been committed. A write that is
   * tried again after that is another run. */
  readonly writeId?: string
  /** If it began before it was told of. */
  readonly startedAt?: Date
}

/** `rowCount` and `bytes` are those of the first output, where it does not say so itself. */
export interface RunEnd {
  /** What the start said holds where they are missing. */
  readonly inputs?: readonly RunInput[]
  readonly outputs?: readonly RunOutput[]
  readonly snapshotId?: string | undefined
  readonly rowCount?: number | undefined
  readonly bytes?: number | undefined
}

/** A run that has begun. It ends once: what is said after that is not heard. Nothing here waits or throws. */
export interface LineageRun {
  readonly id: string
  complete(end?: RunEnd): void
  /** A cancellation is told as an abort. */
  fail(error: unknown): void
  abort(): void
}
