import { StringDecoder } from 'node:string_decoder'
import type { ResultHead } from '../engine/messages.ts'
import type { EnginePool } from '../engine-pool/engine-pool.ts'
import type { Owner } from '../engine-pool/pool-limits.ts'
import { ServiceError } from '../errors.ts'

/** How long a question about the lake itself may take if nothing else is said: it reads the catalog, not the data. */
const catalogTimeoutMs = 10_000

/** Tables, columns or snapshots of one answer. More would be a page that nobody reads. */
const maxRows = 10_000

export type Row = readonly unknown[]

interface ReadLimits {
  readonly timeoutMs?: number
  /** Ends it before. */
  readonly signal?: AbortSignal
  /** Is told which engine works on it. */
  readonly begun?: (engine: string) => void
}

/** Runs a statement of the service itself. `sql` must be made from quoted names only. @throws ServiceError */
export async function readRows(
  engines: EnginePool,
  owner: Owner,
  sql: string,
  { timeoutMs = catalogTimeoutMs, signal, begun }: ReadLimits = {},
): Promise<{ head: ResultHead; rows: readonly Row[] }> {
  const { head, rows, bytes, end } = await engines.run(
    { text: { sql, grants: 'trusted' }, output: { kind: 'json', maxRows }, timeoutMs, begun, ...(signal && { signal }) },
    owner,
  )
  let text = rows ?? ''
  const decoder = new StringDecoder('utf8')
  if (bytes) for await (const chunk of bytes.chunks()) text += decoder.write(chunk)
  const { truncated } = await end
  if (truncated) throw new ServiceError('resultTooLarge', `There are more than ${maxRows} of them: ask for fewer.`)
  const parsed: unknown = JSON.parse(text)
  return { head, rows: Array.isArray(parsed) ? parsed.filter(isRow) : [] }
}

function isRow(value: unknown): value is Row {
  return Array.isArray(value)
}
