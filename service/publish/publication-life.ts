import { ServiceError } from '../errors.ts'
import type { FileStore } from '../files/file-store.ts'
import { forgetBefore, noteBack, noteGone, oldestNeeded } from '../store/publication-life.ts'
import { listPublications, type StoredPublication } from '../store/publications.ts'
import type { Store } from '../store/store.ts'
import type { LockWait, TableLocks } from '../writes/table-lock.ts'
import { DeltaLog } from './delta-log.ts'
import type { Publisher } from './publisher.ts'
import { tableGone } from './read-table.ts'

/** Whoever holds a log goes first: there is time. */
const lockWaitMs = 100

export interface LifeParts {
  readonly store: Store
  readonly publisher: Publisher
  readonly locks: TableLocks
  /** Where all logs lie. */
  readonly place: () => Promise<FileStore>
  /** How long a version is kept after the one that follows it, and the log of a table that is gone. */
  readonly keepHours: () => number
}

interface LifeObserver {
  withdrawn(table: string): void
  failed(table: string, error: unknown): void
}

/** Takes away what of the publications nobody needs any more. */
export class PublicationLife {
  constructor(
    private readonly parts: LifeParts,
    private readonly observer: LifeObserver,
  ) {}

  async look(signal?: AbortSignal): Promise<void> {
    const wait: LockWait = { timeoutMs: lockWaitMs, ...(signal && { signal }) }
    for (const publication of await listPublications(this.parts.store.ask)) {
      if (signal?.aborted) return
      const table = `${publication.schema}.${publication.table}`
      try {
        if (await this.isOver(publication)) {
          await this.parts.publisher.withdraw(publication.id, wait)
          this.observer.withdrawn(table)
        } else await this.trim(publication, wait)
      } catch (error) {
        const isBusy = error instanceof ServiceError && error.code === 'tableBusy'
        if (!isBusy && !signal?.aborted) this.observer.failed(table, error)
      }
    }
  }

  /** Whether somebody began to remove its log, or its table has been gone for long enough. */
  private async isOver({ id, tableId, withdrawing }: StoredPublication): Promise<boolean> {
    const { store, publisher, keepHours } = this.parts
    if (withdrawing) return true
    if (await publisher.hasTable(tableId)) {
      await noteBack(store.ask, id)
      return false
    }
    const { code, detail } = tableGone()
    return noteGone(store.ask, id, { code, detail }, keepHours())
  }

  /** As Delta's own writers do: only up to a checkpoint, so that each version that stays can be read. */
  private async trim({ id, folder }: StoredPublication, wait: LockWait): Promise<void> {
    const { store, locks, place, keepHours } = this.parts
    const needed = await oldestNeeded(store.ask, id, keepHours())
    if (needed === undefined) return
    await locks.withPublication(id, wait, async () => {
      const first = await new DeltaLog(await place(), folder).trim(needed)
      // Whoever ends before this finds the rows again, and no files.
      if (first !== undefined) await store.transaction(ask => forgetBefore(ask, id, first))
    })
  }
}
