import { ServiceError } from '../errors.ts'
import { repeat } from '../repeat.ts'
import type { PublicationLife } from './publication-life.ts'
import type { Publications } from './publications.ts'
import type { Published, Publisher } from './publisher.ts'

/** How long it takes until a change of the setting is noticed. */
const lookEveryMs = 1_000

/** How often it is looked what of the publications nobody needs any more. */
const tidyEveryMs = 3_600_000

/** Whoever holds a log already publishes what this one would. */
const lockWaitMs = 100

interface LoopParts {
  readonly publications: Publications
  readonly publisher: Publisher
  readonly life: PublicationLife
  /** 0: nothing is published by itself. */
  readonly everySeconds: () => number
}

interface LoopObserver {
  published(table: string, done: Published): void
  /** Told once of each reason. */
  failed(table: string, error: unknown): void
  lookFailed(error: unknown): void
}

/** Publishes what was committed, again and again: what has come together in the meantime becomes one version. */
export class PublishLoop {
  private readonly stopped = new AbortController()
  private readonly failures = new Map<string, string>()
  private over: Promise<void> = Promise.resolve()
  private lookedAtMs = 0
  private tidiedAtMs = Number.NEGATIVE_INFINITY

  constructor(
    private readonly parts: LoopParts,
    private readonly observer: LoopObserver,
  ) {}

  begin(): void {
    this.over = repeat(this.stopped.signal, {
      everyMs: lookEveryMs,
      work: () => this.look(),
      failed: error => this.observer.lookFailed(error),
    })
  }

  async close(): Promise<void> {
    this.stopped.abort(new ServiceError('engineNotReady', 'The service is stopping.'))
    await this.over
  }

  private async look(): Promise<undefined> {
    if (performance.now() - this.tidiedAtMs >= tidyEveryMs) {
      this.tidiedAtMs = performance.now()
      await this.parts.life.look(this.stopped.signal)
    }
    const everyMs = this.parts.everySeconds() * 1_000
    if (everyMs === 0 || performance.now() - this.lookedAtMs < everyMs) return
    this.lookedAtMs = performance.now()
    const all = await this.parts.publications.list()
    if (all.length === 0) return
    const newest = await this.parts.publisher.newestSnapshot()
    for (const { id, schema, table, version, snapshotId, withdrawing } of all) {
      if (this.stopped.signal.aborted) return
      // The first version is its caller's: it may yet be refused.
      if (version === null || withdrawing || (snapshotId !== null && BigInt(snapshotId) === newest)) continue
      await this.publish(id, `${schema}.${table}`)
    }
  }

  private async publish(id: string, table: string): Promise<void> {
    try {
      const done = await this.parts.publisher.publish(id, { timeoutMs: lockWaitMs, signal: this.stopped.signal })
      this.failures.delete(id)
      if (done.changed) this.observer.published(table, done)
    } catch (error) {
      if (this.stopped.signal.aborted || (error instanceof ServiceError && error.code === 'tableBusy')) return
      const reason = error instanceof Error ? error.message : String(error)
      if (this.failures.get(id) === reason) return
      this.failures.set(id, reason)
      this.observer.failed(table, error)
    }
  }
}
