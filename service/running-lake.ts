import type { Lake } from './app.ts'

/** A lake that the service can be started on, whoever runs its servers. */
export interface RunningLake extends Lake {
  /** The administrator's key, where it is ours to keep. */
  readonly key?: string
  /** Where the data is, in words for the start message. */
  readonly places: readonly string[]
  /** Resolves with a sentence if a server that we run ends by itself. */
  readonly lost: Promise<string>
  stop(): Promise<void>
}
