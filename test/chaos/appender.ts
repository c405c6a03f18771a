import { setTimeout as sleep } from 'node:timers/promises'
import type { Gateway } from './gateway.ts'
import type { Ledger } from './ledger.ts'
import type { Random } from './random.ts'

/** How long one try may take before its caller takes it for lost. */
const tryMs = 20_000

/** How long a caller tries the same append again before the run counts as failed: longer than any server is away. */
const giveUpMs = 120_000

export interface Appending {
  readonly gateways: readonly Gateway[]
  readonly key: string
  readonly table: string
  readonly ledger: Ledger
  readonly random: Random
  readonly over: () => boolean
}

/** A caller that appends until the run is over. Nine of ten appends have an idempotency key and are sent again, to any gateway, until one
 * acknowledges them; the tenth is sent once and left at that. @throws Error if an append is refused for good */
export async function appendUntilOver(writer: number, run: Appending): Promise<void> {
  const { ledger, random } = run
  for (let sequence = 0; !run.over(); sequence += 1) {
    const entry = ledger.add({ writer, sequence, rows: random.below(20) === 0 ? 2_000 : 1 + random.below(20) })
    const lines = Array.from({ length: entry.rows }, (_, row) => JSON.stringify({ writer, sequence, row }))
    const body = `${lines.join('\n')}\n`
    if (random.below(10) === 0) {
      const once = await send(run, body)
      if (once.kind === 'acknowledged') entry.snapshotId = once.snapshotId
      continue
    }
    const until = performance.now() + giveUpMs
    for (;;) {
      const answer = await send(run, body, `${writer}-${sequence}`)
      if (answer.kind === 'acknowledged') {
        entry.snapshotId = answer.snapshotId
        break
      }
      if (answer.kind === 'refused') throw new Error(`append ${sequence} of writer ${writer}: ${answer.reason}`)
      if (performance.now() > until)
        throw new Error(`append ${sequence} of writer ${writer} got no answer in ${giveUpMs} ms: ${answer.reason}`)
      await sleep(50 + random.below(200))
    }
  }
}

type Answer =
  | { readonly kind: 'acknowledged'; readonly snapshotId: string }
  | { readonly kind: 'again' | 'refused'; readonly reason: string }

/** What may be different the next time: in flight, too many, or a server that is away. */
const again = [409, 429, 500, 502, 503, 504]

async function send({ gateways, key, table, random }: Appending, body: string, idempotencyKey?: string): Promise<Answer> {
  const url = random.pick(gateways).url
  if (url === undefined) return { kind: 'again', reason: 'the gateway is away' }
  try {
    const response = await fetch(`${url}/v1/tables/main/${table}/rows?mode=append`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/x-ndjson',
        ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
      },
      body,
      signal: AbortSignal.timeout(tryMs),
    })
    const text = await response.text()
    if (response.ok) {
      const { snapshotId }: { snapshotId: string } = JSON.parse(text)
      return { kind: 'acknowledged', snapshotId }
    }
    return { kind: again.includes(response.status) ? 'again' : 'refused', reason: `${response.status} ${text}` }
  } catch (error) {
    return { kind: 'again', reason: `${error}` }
  }
}
