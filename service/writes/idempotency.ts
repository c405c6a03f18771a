import type { CatalogLogin } from '../catalog/lake-connection.ts'
import { WorkError } from '../engine-pool/work-run.ts'
import { ServiceError } from '../errors.ts'
import type { Store } from '../store/store.ts'
import {
  answerWrite,
  claimWrite,
  findWrite,
  forgetWrite,
  giveWriteBack,
  isProcessThere,
  leaveWrite,
  type StoredWrite,
  setEngines,
  takeWrite,
  type Worker,
} from '../store/writes.ts'
import { type FoundWrite, findWrites } from './find-write.ts'

/** What makes two requests the same one. */
export interface Claim {
  /** Of a new write. */
  readonly id: string
  readonly keyId: string
  readonly idempotencyKey: string
  readonly requestHash: Buffer
}

/** The answer, and whether it is that of an earlier request. */
export interface Once<Answer> {
  readonly answer: Answer
  readonly replayed: boolean
}

/** Writes with an Idempotency-Key are done once, however often they are sent, whichever process they reach, and whoever was killed when. */
export class Idempotency {
  /** What is still to be written down about writes, by their ids: PostgreSQL was not there. */
  private readonly late = new Map<string, () => Promise<void>>()

  constructor(
    private readonly store: Store,
    /** As a role that may read the catalog. */
    private readonly catalog: CatalogLogin,
    /** How this process and all its engines that write are called in PostgreSQL. */
    private readonly self: Worker,
    /** Resolves when this process is there for others to see, with what is aborted when it no longer is. */
    private readonly show: () => Promise<AbortSignal>,
  ) {}

  /** Does the work, or gives the answer of when it was done.
   * @param work gets the id that its commit is to carry, and the signal of its claim: once the table's lock is held it must not begin with a
   * claim that is aborted, for another process may have taken the write over. @param recovered the answer of a commit whose own got lost.
   * @throws ServiceError idempotencyMismatch, writeInProgress, outcomeUnknown, or what the work throws */
  async once<Answer extends object>(
    claim: Claim,
    work: (id: string, claim: AbortSignal) => Promise<Answer>,
    recovered: (id: string, found: FoundWrite) => Answer,
  ): Promise<Once<Answer | object>> {
    const { ask } = this.store
    const shown = await this.show()
    if (await this.claim(claim)) return { answer: await this.run(claim.id, id => work(id, shown)), replayed: false }
    const known = await findWrite(ask, claim.keyId, claim.idempotencyKey)
    // It failed in this moment, and may be sent again.
    if (!known) throw inProgress(claim)
    if (!known.requestHash.equals(claim.requestHash))
      throw new ServiceError(
        'idempotencyMismatch',
        `The Idempotency-Key ${claim.idempotencyKey} was used for another request: take a new one for each write, and the same only to repeat it.`,
      )
    if (known.answer) return { answer: known.answer, replayed: true }
    // What is still to be written down of it would undo that it was taken.
    if (known.isAlive || this.late.has(known.id) || !(await this.take(known))) throw inProgress(claim)
    const found = await this.find(known)
    if (found === 'no longer ours') throw inProgress(claim)
    if (!found) return { answer: await this.run(known.id, id => work(id, shown)), replayed: false }
    const answer = recovered(known.id, found)
    await answerWrite(ask, known.id, answer)
    return { answer, replayed: true }
  }

  /** Writes down what PostgreSQL was not there for. */
  async storeLate(): Promise<void> {
    for (const [id, store] of this.late) {
      await store()
      this.late.delete(id)
    }
  }

  private async claim(claim: Claim): Promise<boolean> {
    const { ask } = this.store
    try {
      return await claimWrite(ask, { ...claim, ...this.self })
    } catch (error) {
      // It may have got there, and the answer not back.
      this.late.set(claim.id, () => forgetWrite(ask, claim.id, this.self))
      throw error
    }
  }

  private async take(known: StoredWrite): Promise<boolean> {
    const { ask } = this.store
    try {
      return await takeWrite(ask, known, this.self.process)
    } catch (error) {
      this.late.set(known.id, () => giveWriteBack(ask, known, this.self.process))
      throw error
    }
  }

  private async run<Answer extends object>(id: string, work: (id: string) => Promise<Answer>): Promise<Answer> {
    const { ask } = this.store
    let answer: Answer
    try {
      answer = await work(id)
    } catch (error) {
      const isUnknown = error instanceof WorkError && error.outcome === 'unknown'
      await this.noteDown(id, () => (isUnknown ? leaveWrite(ask, id, this.self, error.session) : forgetWrite(ask, id, this.self)))
      throw error
    }
    await this.noteDown(id, () => answerWrite(ask, id, answer))
    return answer
  }

  /** What the lake says of a write that its process did not end. If it has nothing, this process's engines may do it from now on. */
  private async find(known: StoredWrite): Promise<FoundWrite | 'no longer ours' | undefined> {
    const { ask } = this.store
    const { id, process, engines } = known
    try {
      // Either it sees that the write was taken, or it is seen here: it may have lost its connection for a moment only.
      if (process !== null && (await isProcessThere(ask, process))) {
        await giveWriteBack(ask, known, this.self.process)
        return 'no longer ours'
      }
      const found = (await findWrites(this.catalog, engines, [id])).get(id)
      if (!found && !(await setEngines(ask, id, this.self.process, this.self.engines))) return 'no longer ours'
      return found
    } catch (error) {
      await this.noteDown(id, () => giveWriteBack(ask, known, this.self.process))
      throw error
    }
  }

  /** Now, or as soon as PostgreSQL is back: a write that nobody works on must not look as if somebody did. */
  private async noteDown(id: string, store: () => Promise<void>): Promise<void> {
    await store().catch(() => this.late.set(id, store))
  }
}

function inProgress({ idempotencyKey }: Claim): ServiceError {
  return new ServiceError(
    'writeInProgress',
    `The request with the Idempotency-Key ${idempotencyKey} is still at work: ask again in a second.`,
  )
}
