import { setTimeout as sleep } from 'node:timers/promises'
import { cancelledBy } from '../cancelled-by.ts'
import type { CatalogLogin } from '../catalog/lake-connection.ts'
import type { TableName } from '../catalog/table-name.ts'
import { ServiceError } from '../errors.ts'
import { LocalLocks } from './local-locks.ts'
import { LockConnection } from './lock-connection.ts'
import { type LockSql, maintenanceLockSql, publicationLockSql, tableLockSql } from './lock-sql.ts'

/** `shared`: an append, which may stand beside others. `exclusive`: everything else that changes a table. */
export type LockMode = 'shared' | 'exclusive'

/** How long a lock may be waited for, and who may stop the wait. */
export interface LockWait {
  readonly timeoutMs: number
  readonly signal?: AbortSignal
}

/** How often a lock that another process holds is tried again; with jitter, so that those who wait do not meet. */
const retryMs = { first: 5, last: 40 }

/** Locks on tables, held in PostgreSQL against all processes of the service. They end with their connection, and whoever holds one is told
 * then: if both sides went on, the lock would be worth nothing. */
export class TableLocks {
  private connection: Promise<LockConnection> | undefined
  private readonly local = new LocalLocks()

  /** @param session the connection's name in pg_stat_activity: this process lives at least as long as it is there. */
  constructor(
    private readonly login: CatalogLogin,
    private readonly session: string,
  ) {}

  /** Does the work while the table is locked. Its signal is aborted, with a ServiceError, when the lock is lost, and as the caller's is.
   * @throws ServiceError tableBusy, queryCancelled, catalogUnavailable, or what the work throws */
  withTable<Result>(table: TableName, mode: LockMode, wait: LockWait, work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    return this.hold(tableLockSql(table), mode, wait, work)
  }

  /** The same for maintenance of the whole lake: one runner at a time. */
  withMaintenance<Result>(wait: LockWait, work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    return this.hold(maintenanceLockSql, 'exclusive', wait, work)
  }

  /** The same for the log of a publication: one publisher at a time. */
  withPublication<Result>(id: string, wait: LockWait, work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    return this.hold(publicationLockSql(id), 'exclusive', wait, work)
  }

  /** Makes the connection, if there is none. @returns what is aborted when it has ended: until then every other process sees that this one
   * is there. @throws ServiceError catalogUnavailable */
  async open(): Promise<AbortSignal> {
    return (await this.connect()).lost
  }

  async close(): Promise<void> {
    const connection = await this.connection?.catch(() => undefined)
    await connection?.close()
  }

  private async hold<Result>(
    lock: LockSql,
    mode: LockMode,
    { timeoutMs, signal }: LockWait,
    work: (signal: AbortSignal) => Promise<Result>,
  ): Promise<Result> {
    const holder = new AbortController()
    const cancel = () => holder.abort(cancelledBy(signal, whileWaiting))
    const busy = new ServiceError('tableBusy', `${lock.name} was held by others for ${timeoutMs} ms: try again in a moment.`)
    const late = setTimeout(() => holder.abort(busy), timeoutMs)
    signal?.addEventListener('abort', cancel, { once: true })
    try {
      if (signal?.aborted) throw cancelledBy(signal, whileWaiting)
      const release = await this.local.take(lock.id, mode, holder.signal)
      try {
        const connection = await this.connect()
        await take(connection, lock, mode, holder.signal)
        clearTimeout(late)
        const lose = () => holder.abort(connection.lost.reason)
        connection.lost.addEventListener('abort', lose, { once: true })
        try {
          connection.lost.throwIfAborted()
          return await work(holder.signal)
        } finally {
          connection.lost.removeEventListener('abort', lose)
          connection.tell(mode === 'shared' ? lock.freeShared : lock.freeExclusive)
        }
      } finally {
        release()
      }
    } finally {
      clearTimeout(late)
      signal?.removeEventListener('abort', cancel)
    }
  }

  private connect(): Promise<LockConnection> {
    this.connection ??= LockConnection.open(this.login, this.session).then(
      connection => {
        const forget = () => {
          this.connection = undefined
        }
        connection.lost.addEventListener('abort', forget, { once: true })
        if (connection.lost.aborted) forget()
        return connection
      },
      () => {
        this.connection = undefined
        throw unavailable()
      },
    )
    return this.connection
  }
}

/** @throws the signal's reason, or ServiceError catalogUnavailable */
async function take(connection: LockConnection, lock: LockSql, mode: LockMode, signal: AbortSignal): Promise<void> {
  let gated = false
  try {
    for (let waitMs = retryMs.first; ; waitMs = Math.min(waitMs * 2, retryMs.last)) {
      const attempt: string = mode === 'shared' ? lock.tryShared : gated ? lock.tryExclusiveGated : lock.tryExclusive
      const state = await connection.ask<{ held: boolean; gated: boolean }>(attempt)
      gated = state?.gated === true
      if (state?.held) return
      await sleep(waitMs * (0.5 + Math.random()), undefined, { signal })
    }
  } catch {
    if (gated) connection.tell(lock.openGate)
    throw signal.aborted ? signal.reason : unavailable()
  }
}

const whileWaiting = 'The write was cancelled while it waited.'

function unavailable(): ServiceError {
  return new ServiceError('catalogUnavailable', 'PostgreSQL, which holds the locks of tables, does not answer: try again in a second.')
}
