import { CutError, ProblemError } from './lake-error.ts'
import { linesOf, problemIn, type Row, rowOf } from './ndjson.ts'

/** What the history says of a query that failed. */
export type FailureOf = (queryId: string) => Promise<{ readonly code: string; readonly detail: string } | undefined>

/** The bytes of a result, and its head. They are read once, by `chunks` or by `rows`. */
export class ResultStream {
  readonly queryId: string | undefined
  /** The version of the lake that was read; undefined if the statement read no table. */
  readonly snapshotId: string | undefined
  readonly requestId: string | undefined
  private isRead = false

  constructor(
    private readonly response: Response,
    private readonly failureOf: FailureOf,
    private readonly signal: AbortSignal | undefined,
  ) {
    const header = (name: string) => response.headers.get(name) ?? undefined
    this.queryId = header('x-query-id')
    this.snapshotId = header('x-snapshot-id')
    this.requestId = header('x-request-id')
  }

  /** Whoever leaves the loop early cancels the query.
   * @throws CutError if the answer breaks off, with the reason if the service's history has it; TypeError if it was read before */
  async *chunks(): AsyncGenerator<Uint8Array, void, undefined> {
    this.claim()
    try {
      yield* this.received()
    } catch (error) {
      throw await this.cut(error)
    }
  }

  /** The rows of an answer in NDJSON. @throws ProblemError if it ends with one, CutError if it breaks off without; TypeError if it was read
   * before */
  async *rows(): AsyncGenerator<Row, void, undefined> {
    this.claim()
    // A row may look like an error. Only as the last one of an answer that was cut it is one.
    let perhapsError: Row | undefined
    try {
      for await (const line of linesOf(this.received())) {
        const row = rowOf(line)
        if (perhapsError) yield perhapsError
        perhapsError = problemIn(row) && row
        if (!perhapsError) yield row
      }
    } catch (error) {
      const problem = perhapsError && problemIn(perhapsError)
      throw problem ? new ProblemError(problem) : await this.cut(error)
    }
    if (perhapsError) yield perhapsError
  }

  private claim(): void {
    if (this.isRead) throw new TypeError('A result is read once: ask again, or keep what came.')
    this.isRead = true
  }

  private async *received(): AsyncGenerator<Uint8Array, void, undefined> {
    const reader = this.response.body?.getReader()
    if (!reader) return
    try {
      for (;;) {
        const { done, value } = await reader.read()
        if (done) return
        yield value
      }
    } finally {
      await reader.cancel().catch(() => {})
    }
  }

  private async cut(error: unknown): Promise<unknown> {
    if (this.signal?.aborted) return this.signal.reason
    const reason = this.queryId === undefined ? undefined : await this.failureOf(this.queryId)
    return this.signal?.aborted ? this.signal.reason : new CutError(this.queryId, reason, error)
  }
}
