import type { CatalogLogin } from '../catalog/lake-connection.ts'
import { WorkError } from '../engine-pool/work-run.ts'
import { ServiceError } from '../errors.ts'
import type { Store } from '../store/store.ts'
import { answerWrite, claimWrite, findWrite, forgetWrite, leaveWrite, type StoredWrite, setEngines, takeWrite } from '../store/writes.ts'
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

/** How this process and its engines are called in PostgreSQL. */
export interface ProcessNames {
  readonly session: string
  /** All its engines that write, as LIKE takes it. */
  readonly engines: string
}

/** Writes with an Idempotency-Key are done once, however often they are sent, whichever process they reach, and whoever was killed when. */
export class Idempotency {
  /** What is still to be written down about writes, by their ids: PostgreSQL was not there. */
  private readonly late = new Map<string, () => Promise<void>>()

  constructor(
    private readonly store: Store,
    /** As a role that may read the catalog. */
    private readonly catalog: CatalogLogin,
    private readonly names: ProcessNames,
    /** Resolves when this process is there for others to see. */
    private readonly show: () => Promise<void>,
  ) {}

  /** Does the work, or gives the answer of when it was done.
   * @param work gets the id that its commit is to carry. @param recovered the answer of a commit whose own got lost.
   * @throws ServiceError idempotencyMismatch, writeInProgress, outcomeUnknown, or what the work throws */
  async once<Answer extends object>(
    claim: Claim,
    work: (id: string) => Promise<Answer>,
    recovered: (id: string, found: FoundWrite) => Answer,
  ): Promise<Once<Answer | object>> {
    const { ask } = this.store
    await this.show()
    if (await this.claim(claim)) return { answer: await this.run(claim.id, work), replayed: false }
    const known = await findWrite(ask, claim.keyId, claim.idempotencyKey)
    // It failed in this moment, and may be sent again.
    if (!known) throw inProgress(claim)
    if (!known.requestHash.equals(claim.requestHash))
      throw new ServiceError(
        'idempotencyMismatch',
        `The Idempotency-Key ${claim.idempotencyKey} was used for another request: take a new one for each write, and the same only to repeat it.`,
      )
    if (known.answer) return { answer: known.answer, replayed: true }
    if (known.isAlive || !(await this.take(known))) throw inProgress(claim)
    const found = await this.find(known)
    if (!found) return { answer: await this.run(known.id, work), replayed: false }
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
    const { session, engines } = this.names
    try {
      return await claimWrite(ask, { ...claim, process: session, engines })
    } catch (error) {
      // It may have got there, and the answer not back.
      this.late.set(claim.id, () => forgetWrite(ask, claim.id, session))
      throw error
    }
  }

  private async take(known: StoredWrite): Promise<boolean> {
    const { ask } = this.store
    const { session } = this.names
    try {
      return await takeWrite(ask, known, session)
    } catch (error) {
      this.late.set(known.id, () => leaveWrite(ask, known.id, session, known.engines))
      throw error
    }
  }

  private async run<Answer extends object>(id: string, work: (id: string) => Promise<Answer>): Promise<Answer> {
    const { ask } = this.store
    const { session } = this.names
    let answer: Answer
    try {
      answer = await work(id)
    } catch (error) {
      const isUnknown = error instanceof WorkError && error.outcome === 'unknown'
      await this.noteDown(id, () => (isUnknown ? leaveWrite(ask, id, session, error.session) : forgetWrite(ask, id, session)))
      throw error
    }
    await this.noteDown(id, () => answerWrite(ask, id, answer))
    return answer
  }

  /** What the lake says of a write that its process did not end. Then this process's engines may do it. */
  private async find({ id, process, engines }: StoredWrite): Promise<FoundWrite | undefined> {
    const { ask } = this.store
    try {
      const found = (await findWrites(this.catalog, engines, [id])).get(id)
      if (!found) await setEngines(ask, id, this.names.session, this.names.engines)
      return found
    } catch (error) {
      const { session } = this.names
      await this.noteDown(id, async () => {
        if (process === null) await leaveWrite(ask, id, session, engines)
        else await takeWrite(ask, { id, process: session }, process)
      })
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
