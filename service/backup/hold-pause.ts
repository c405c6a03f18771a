import { randomUUID } from 'node:crypto'
import { StartupError } from '../startup-error.ts'
import { deletePause, findPause, insertPause, prolongPause } from '../store/maintenance-pause.ts'
import type { Store } from '../store/store.ts'
import type { TableLocks } from '../writes/table-lock.ts'

/** A backup that died holds up nothing for longer than this. */
const pauseMs = 600_000

/** How often a living one says that it goes on. */
const prolongEveryMs = 60_000

/** A run of maintenance is waited for that long. */
const lockWaitMs = 600_000

/** Sees to it that nothing is expired and no file removed while the work lasts.
 * @throws StartupError if another backup is at work, or if the pause was lost on the way: then files may be missing. */
export async function holdPause<Result>(
  store: Store,
  locks: TableLocks,
  signal: AbortSignal,
  work: () => Promise<Result>,
): Promise<Result> {
  const id = randomUUID()
  // Under the lock, so that no run which removes something is at work.
  await locks.withMaintenance({ timeoutMs: lockWaitMs, signal }, async () => {
    const other = await findPause(store.ask)
    if (other)
      throw new StartupError(`Another backup is at work, or died and is waited for until ${other.until.toISOString()}: ${other.reason}.`)
    await insertPause(store.ask, id, 'a backup is being made', pauseMs)
  })
  const timer = setInterval(() => prolongPause(store.ask, id, pauseMs).catch(() => {}), prolongEveryMs)
  try {
    const result = await work()
    if (!(await prolongPause(store.ask, id, pauseMs)))
      throw new StartupError(
        'PostgreSQL was away for so long that the pause of maintenance ended: files may have been removed meanwhile. Start again.',
      )
    return result
  } finally {
    clearInterval(timer)
    await deletePause(store.ask, id).catch(() => {})
  }
}
