import { setTimeout as sleep } from 'node:timers/promises'
import type { CatalogLogin } from '../catalog/lake-connection.ts'
import { WorkError } from '../engine-pool/work-run.ts'
import type { ErrorCode } from '../errors.ts'
import { type FoundWrite, findWrites } from './find-write.ts'

/** How often a write is tried in all. DuckLake itself tries those again that only wanted the same snapshot number. */
const maxAttempts = 4

/** The first wait before another attempt; it doubles, with jitter, so that two that met do not meet again. */
const firstWaitMs = 50

/** Why a write that changed nothing is tried again: an engine or a connection was lost on the way, not by the write's own doing. */
const mendable: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['engineLost', 'outcomeUnknown', 'engineNotReady'])

export interface Attempts<Report> {
  readonly catalog: CatalogLogin
  /** The ids that the commit carries. */
  readonly ids: readonly string[]
  /** Other errors after which nothing was changed and which may have passed: a conflict, where nothing the caller saw depends on what it
   * was in conflict with. */
  readonly alsoMendable?: readonly ErrorCode[]
  readonly attempt: () => Promise<Report>
  /** The report of a commit that was found and whose own got lost. */
  readonly recovered: (found: ReadonlyMap<string, FoundWrite>) => Report
  /** Is told of each further attempt. */
  readonly retried: (reason: ErrorCode) => void
}

/** Has a write done exactly once: if nobody knows whether an attempt was committed, that is found out before there is another.
 * @throws ServiceError if it was not done; only with `outcomeUnknown` it may have been. */
export async function settleWrite<Report>({ catalog, ids, alsoMendable = [], ...write }: Attempts<Report>): Promise<Report> {
  for (let tries = 1, waitMs = firstWaitMs; ; tries += 1, waitMs *= 2) {
    try {
      return await write.attempt()
    } catch (error) {
      if (!(error instanceof WorkError)) throw error
      if (error.outcome === 'unknown') {
        const found = await findWrites(catalog, error.session, ids)
        if (found.size > 0) return write.recovered(found)
      }
      if (tries >= maxAttempts || !(mendable.has(error.code) || alsoMendable.includes(error.code))) throw error
      write.retried(error.code)
      await sleep(waitMs * (0.5 + Math.random()))
    }
  }
}
