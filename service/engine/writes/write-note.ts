/** What a snapshot says of each write in it. */
export interface WriteNote {
  readonly id: string
  /** The request's id. */
  readonly request: string
  /** The id of the key or token. */
  readonly by: string
  /** Its Idempotency-Key. */
  readonly key?: string
}

/** The messages of the queue that a commit takes in. */
export interface QueueNote {
  readonly name: string
  readonly ids: readonly string[]
}

/** As the commit carries it. */
export function extraInfoOf(writes: readonly (WriteNote & { readonly rows: number })[], queue?: QueueNote): string {
  return JSON.stringify({ writes, ...(queue && { queue }) })
}
