import type { RunEvent } from './run-event.ts'

/** Where events are sent. */
export interface SinkAddress {
  /** Of `POST /lineage`, or of `POST /lineage/batch`, as OpenLineage has both. */
  readonly url: string
  readonly token: string | undefined
}

/** What became of a request. `away`: it is to be sent again, however often. `failing`: the same, but it may be the event's fault. */
export type Sent =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'failing' | 'away'; readonly reason: string }

/** How long a sink may take to answer. */
const answerTimeoutMs = 10_000

/** Letters of an answer that are kept as the reason. */
const reasonLetters = 500

/** Answers that say nothing about the event: of a wrong address, a wrong token, or a sink that has too much to do. */
const notOfTheEvent = [401, 403, 404, 405, 407, 408, 425, 429, 502, 503, 504]

/** Somebody else's service for OpenLineage's events: Marquez, for example. */
export class EventSink {
  /** How many events one request may hold. */
  readonly batchMax: number

  constructor(
    private readonly address: SinkAddress,
    private readonly timeoutMs = answerTimeoutMs,
  ) {
    this.batchMax = new URL(address.url).pathname.endsWith('/batch') ? 50 : 1
  }

  /** Never throws. @param events as many as one request may hold */
  async send(events: readonly RunEvent[], stop: AbortSignal): Promise<Sent> {
    const { url, token } = this.address
    try {
      const response = await fetch(url, {
        method: 'POST',
        redirect: 'manual',
        signal: AbortSignal.any([stop, AbortSignal.timeout(this.timeoutMs)]),
        headers: { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
        body: JSON.stringify(this.batchMax === 1 ? events[0] : events),
      })
      return await answerOf(response)
    } catch (error) {
      return { kind: 'away', reason: error instanceof Error ? reasonOf(error) : String(error) }
    }
  }
}

async function answerOf(response: Response): Promise<Sent> {
  const { status, ok, body } = response
  if (ok) {
    await body?.cancel()
    return { kind: 'delivered' }
  }
  const reason = `${status} ${await beginningOf(response)}`.trim()
  if (status < 400 || notOfTheEvent.includes(status)) return { kind: 'away', reason }
  return { kind: status < 500 ? 'refused' : 'failing', reason }
}

/** An answer may be endless. */
async function beginningOf({ body }: Response): Promise<string> {
  let text = ''
  const decoder = new TextDecoder()
  for await (const chunk of body ?? []) {
    text += decoder.decode(chunk, { stream: true })
    if (text.length >= reasonLetters) break
  }
  return text.slice(0, reasonLetters)
}

/** Of a connection that did not come about, fetch has the reason in the cause. */
function reasonOf({ message, cause }: Error): string {
  return cause instanceof Error ? `${message}: ${cause.message}` : message
}
