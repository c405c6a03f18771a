import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { forgetHistory } from '../store/history.ts'
import { expiredResults, noteRemoved } from '../store/queries.ts'
import type { Store } from '../store/store.ts'
import type { KeptResults } from './kept-results.ts'

/** Results of one round: the next one comes soon. */
const atOnce = 100

export interface Retention {
  readonly keepHours: number
  readonly historyDays: number
}

/** Removes results whose time is over, and forgets what was asked long ago. Any process may do it, also several at once. */
export async function sweepResults(store: Store, results: KeptResults, { historyDays }: Retention): Promise<void> {
  for (const id of await expiredResults(store.ask, atOnce)) {
    await results.remove(id)
    await noteRemoved(store.ask, id)
  }
  await forgetHistory(store.ask, Math.max(historyDays, 1))
}

/** Removes files that nobody knows of any more, of a process that was killed for example. */
export async function sweepFolder(folder: string, { keepHours }: Retention): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name)
    const changedAtMs = await stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => Number.POSITIVE_INFINITY,
    )
    if (name.endsWith('.parquet') && Date.now() - changedAtMs > (keepHours + 1) * 3_600_000) await rm(path, { force: true })
  }
}
