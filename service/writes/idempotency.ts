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
  private readonly late = new Map<string, object>()

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
    if (await claimWrite(ask, { ...claim, process: this.names.session, engines: this.names.engines }))
      return { answer: await this.run(claim.id, work), replayed: false }
    const known = await findWrite(ask, claim.keyId, claim.idempotencyKey)
    // It failed in this moment, and may be sent again.
    if (!known) throw inProgress(claim)
    if (!known.requestHash.equals(claim.requestHash))
      throw new ServiceError(
        'idempotencyMismatch',
        `The Idempotency-Key ${claim.idempotencyKey} was used for another request: take a new one for each write, and the same only to repeat it.`,
      )
    if (known.answer) return { answer: known.answer, replayed: true }
    if (known.isAlive || !(await takeWrite(ask, known, this.names.session))) throw inProgress(claim)
    const found = await this.find(known)
    if (!found) return { answer: await this.run(known.id, work), replayed: false }
    const answer = recovered(known.id, found)
    await answerWrite(ask, known.id, answer)
    return { answer, replayed: true }
  }

  /** Stores answers for which PostgreSQL was not there. */
  async storeLate(): Promise<void> {
    for (const [id, answer] of this.late) {
      await answerWrite(this.store.ask, id, answer)
      this.late.delete(id)
    }
  }

  private async run<Answer extends object>(id: string, work: (id: string) => Promise<Answer>): Promise<Answer> {
    const { ask } = this.store
    const { session } = this.names
    let answer: Answer
    try {
      answer = await work(id)
    } catch (error) {
      // If PostgreSQL is away the row stays as it is, and whoever repeats the request after this process finds out.
      const isUnknown = error instanceof WorkError && error.outcome === 'unknown'
      await (isUnknown ? leaveWrite(ask, id, session, error.session) : forgetWrite(ask, id, session)).catch(() => {})
      throw error
    }
    await answerWrite(ask, id, answer).catch(() => this.late.set(id, answer))
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
      if (process === null) await leaveWrite(ask, id, this.names.session, engines).catch(() => {})
      else await takeWrite(ask, { id, process: this.names.session }, process).catch(() => {})
      throw error
    }
  }
}

function inProgress({ idempotencyKey }: Claim): ServiceError {
  return new ServiceError(
    'writeInProgress',
    `The request with the Idempotency-Key ${idempotencyKey} is still at work: ask again in a second.`,
  )
}
