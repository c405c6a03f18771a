import { randomUUID } from 'node:crypto'
import { ServiceError } from '../errors.ts'
import { keepAlive } from '../store/queries.ts'
import { forgetRunning, insertRunning, type RunningStatement } from '../store/running.ts'
import type { Store } from '../store/store.ts'

/** What takes less is over before anybody has read its name: most statements never get into the store. */
const listedAfterMs = 1_000

interface Running {
  readonly statement: RunningStatement
  readonly gone: AbortController
  readonly since: number
  engine?: string
  /** Whether it is in the store, and whether it may be. */
  listed: boolean
  perhaps: boolean
}

/** A statement as whoever runs it sees it. */
export interface Listed {
  /** To be called when an engine has begun, with the name of its connections. */
  readonly begun: (engine: string) => void
  /** To be called when it is over, in whatever way. */
  readonly over: () => void
}

/** Statements that run for their requests. Those that last are in the store: every process lists them, and may ask for their end. */
export class RunningStatements {
  private readonly process = randomUUID()
  private readonly all = new Map<string, Running>()
  /** In the store still, and over. */
  private readonly left = new Set<string>()

  constructor(private readonly store: Store) {}

  /** @param gone is aborted when somebody asks for its end */
  begin(statement: RunningStatement, gone: AbortController): Listed {
    const running: Running = { statement, gone, since: performance.now(), listed: false, perhaps: false }
    this.all.set(statement.id, running)
    return {
      begun(engine) {
        running.engine = engine
      },
      over: () => {
        this.all.delete(statement.id)
        if (running.perhaps) this.left.add(statement.id)
      },
    }
  }

  /** Ends it if this process works on it; another one hears of it from the store, by `sign`. */
  cancel(id: string): void {
    const detail = `The statement was cancelled, by DELETE /v1/queries/${id}.`
    this.all.get(id)?.gone.abort(new ServiceError('queryCancelled', detail))
  }

  /** Lists what has come to last, says of the rest that it still runs, and ends what somebody wants ended. To be called every second. */
  async sign(): Promise<void> {
    const now = performance.now()
    const fresh = [...this.all.values()].filter(({ listed, since }) => !listed && now - since >= listedAfterMs)
    if (fresh.length > 0) {
      for (const running of fresh) running.perhaps = true
      const statements = fresh.map(({ statement }) => statement)
      await insertRunning(this.store.ask, statements, this.process)
      for (const running of fresh) running.listed = true
    }
    const listed = [...this.all].filter(([, running]) => running.listed)
    if (listed.length === 0) return
    const signs = listed.map(([id, { engine = null }]) => ({ id, percent: null, engine }))
    for (const id of await keepAlive(this.store.ask, signs)) this.cancel(id)
  }

  /** Takes those that are over from the list. What has been noted in the history meanwhile stays there.
   * @param note writes the history */
  async tidy(note: () => Promise<void>): Promise<void> {
    const left = [...this.left]
    await note()
    if (left.length === 0) return
    await forgetRunning(this.store.ask, left)
    for (const id of left) this.left.delete(id)
  }
}
