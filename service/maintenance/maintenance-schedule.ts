import { setTimeout as sleep } from 'node:timers/promises'
import type { MaintenanceTask } from '../engine/maintenance/maintenance-order.ts'
import { ServiceError } from '../errors.ts'
import type { LakeSettings } from '../plugins/lake-settings.ts'
import { lastStart, type RunOptions } from '../store/maintenance-runs.ts'
import type { Store } from '../store/store.ts'
import type { MaintenanceRunner } from './maintenance-runner.ts'

/** How often it is looked whether something is due; more or less, so that the processes of a service do not look at once. */
const lookEveryMs = 60_000

/** Longest that one run is waited for before the next is looked at. */
const runWaitMs = 86_400_000

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** What is done by itself, in this order: first what makes files superfluous, then what removes them. */
const policy: readonly MaintenanceTask[] = ['flush', 'compact', 'rewrite-deletes', 'expire', 'clean-up', 'orphans']

/** What the settings say about a task. An operator who asks for nothing else gets the same. */
export function settledOptions(task: MaintenanceTask, settings: LakeSettings): RunOptions {
  switch (task) {
    case 'rewrite-deletes':
      return { deletedShare: settings.get('maintenance.rewriteDeletesFromPercent') / 100 }
    case 'expire':
      return { olderThanHours: settings.get('maintenance.expireAfterHours') }
    case 'clean-up':
      return { olderThanHours: settings.get('maintenance.cleanUpAfterHours') }
    case 'orphans':
      return { olderThanHours: settings.get('maintenance.orphansAfterHours') }
    default:
      return {}
  }
}

/** 0: never. */
export function everyMs(task: MaintenanceTask, settings: LakeSettings): number {
  const compacting: readonly MaintenanceTask[] = ['flush', 'compact', 'rewrite-deletes']
  return compacting.includes(task)
    ? settings.get('maintenance.compactEveryMinutes') * minuteMs
    : settings.get('maintenance.cleanUpEveryHours') * hourMs
}

/** Does what is due. Every process of the service looks; the lock of maintenance lets one of them do it, and the others see that then. */
export class MaintenanceSchedule {
  private readonly stopped = new AbortController()
  private over: Promise<void> = Promise.resolve()

  constructor(
    private readonly runner: MaintenanceRunner,
    private readonly store: Store,
    private readonly settings: LakeSettings,
    private readonly failed: (error: unknown) => void,
  ) {}

  begin(): void {
    this.over = this.look()
  }

  async close(): Promise<void> {
    this.stopped.abort()
    await this.over
  }

  /** Everything that is due, one after the other. */
  async runDue(): Promise<void> {
    // What is expired is gone: a setting that was changed a second ago holds.
    await this.settings.refresh()
    for (const task of policy) {
      if (this.stopped.signal.aborted || !(await this.isDue(task))) continue
      const options = settledOptions(task, this.settings)
      const requestedBy = 'schedule'
      const wanted = () => this.isDue(task)
      const id = await this.runner.start({ task, dryRun: false, options, requestedBy, requestId: requestedBy, wanted })
      if (id !== undefined) await this.runner.settled(id, runWaitMs)
    }
  }

  private async isDue(task: MaintenanceTask): Promise<boolean> {
    const every = everyMs(task, this.settings)
    return every > 0 && Date.now() - (await lastStart(this.store.ask, task)).getTime() >= every
  }

  private async look(): Promise<void> {
    const { signal } = this.stopped
    while (!signal.aborted) {
      await sleep(lookEveryMs * (0.5 + Math.random()), undefined, { signal, ref: false }).catch(() => {})
      if (signal.aborted) return
      await this.runDue().catch((error: unknown) => {
        // Somebody else's run, or a backup: the next look comes soon.
        if (!(error instanceof ServiceError && error.code === 'conflict')) this.failed(error)
      })
    }
  }
}
