import type { Origin } from '../store/lineage-events.ts'
import { signRuns } from '../store/lineage-runs.ts'
import type { Store } from '../store/store.ts'
import { endLostRuns, type FindCommits } from './end-lost-runs.ts'

/** After how long without a sign a process is taken for dead. */
const silentMs = 20_000

/** Says that this process works on its runs, and ends those of processes that do not say so any more. */
export class LostRunWatch {
  /** Since when PostgreSQL has answered without a break: who could not sign meanwhile is not dead for that. */
  private answeringSinceMs: number | undefined

  constructor(
    private readonly store: Store,
    private readonly process: string,
    private readonly origin: () => Promise<Origin>,
    private readonly findCommits: FindCommits,
  ) {}

  /** To be called every few seconds. @throws ServiceError while PostgreSQL or the engines are away */
  async look(): Promise<void> {
    try {
      await signRuns(this.store.ask, this.process)
    } catch (error) {
      this.answeringSinceMs = undefined
      throw error
    }
    const now = performance.now()
    this.answeringSinceMs ??= now
    if (now - this.answeringSinceMs >= silentMs) await endLostRuns(this.store, await this.origin(), silentMs, this.findCommits)
  }
}
