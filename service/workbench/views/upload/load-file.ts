import { signal } from '@preact/signals'
import { type Problem, toProblem } from '../../api/ask.ts'
import type { Column } from '../../api/rows.ts'
import { loadCatalogue } from '../../catalogue/catalogue.ts'
import { count } from '../../format/numbers.ts'
import { say } from '../../parts/announce.tsx'
import { randomId } from '../../random-id.ts'
import { type Draft, draft, draftOf, obstacle, queryOf } from './draft.ts'
import { type RowsToSend, sendRows, type Written } from './send-rows.ts'
import { takeSample } from './take-sample.ts'

/** Files that have to go to the service whole to be looked at are so looked at by themselves up to this size. */
const maxUnaskedBytes = 64 * 1_048_576

/** What is being done with the file. */
export interface Sending {
  readonly what: 'check' | 'load'
  readonly sent: number
  readonly total: number
}

export const sending = signal<Sending | undefined>(undefined)
/** What the service says that it would make of the file, or of its beginning. */
export const checked = signal<Written | undefined>(undefined)
export const problem = signal<Problem | undefined>(undefined)
/** What became of it. */
export const written = signal<Written | undefined>(undefined)
/** Columns of the file with the types that they look like. */
export const guessed = signal<readonly Column[] | undefined>(undefined)
/** The file is large and of a kind that cannot be looked at in parts: a check has to be asked for. */
export const waitsForCheck = signal(false)

let lookedAt: string | undefined
let again: () => Promise<void> = () => Promise.resolve()
let abort: AbortController | undefined
/** Names the write, as long as the same is to be written: a repetition does nothing twice. */
let once: { readonly of: string; readonly key: string } | undefined

export function chooseFile(file: File, into?: { readonly schema: string; readonly name: string }): void {
  cancel()
  draft.value = draftOf(file, into)
  lookedAt = undefined
  for (const each of [checked, problem, written, guessed]) each.value = undefined
}

export function changeDraft(change: Partial<Draft>): void {
  const before = draft.peek()
  if (!before) return
  draft.value = { ...before, ...change }
  problem.value = undefined
  if ('format' in change || change.csv || change.mode) guessed.value = undefined
}

export function forgetFile(): void {
  cancel()
  draft.value = undefined
  for (const each of [checked, problem, written, guessed]) each.value = undefined
}

/** Ends what is being sent; nothing of it is in the lake then. */
export function cancel(): void {
  abort?.abort(new Cancelled())
  abort = undefined
  sending.value = undefined
}

/** Has the service look at the file, at its beginning if that is enough, and says what it would make of it. @param unlessFor what was looked
 * at by itself last: it is not looked at again; missing if a person asks for it */
export async function checkFile(unlessFor?: string): Promise<void> {
  const now = draft.peek()
  if (!now || sending.peek()?.what === 'load' || (unlessFor !== undefined && lookedAt === unlessFor)) return
  cancel()
  lookedAt = unlessFor
  if (obstacle.peek() !== undefined) return
  const inParts = now.format?.hasLines === true && !now.packed
  waitsForCheck.value = unlessFor !== undefined && !inParts && now.file.size > maxUnaskedBytes
  if (waitsForCheck.value) return
  const query = queryOf(now, guessed.peek())
  query.set('dryRun', 'true')
  again = () => checkFile()
  const answer = await send('check', { ...targetOf(now), query, body: inParts ? await takeSample(now.file) : now.file })
  if (!answer) return
  checked.value = answer
  if (now.mode !== 'create' || query.has('columns')) return
  guessed.value = answer.columns ?? []
  // Types that were chosen before the columns were known anew.
  if (guessed.value.some(({ name }) => now.types[name] !== undefined)) await checkFile()
}

/** @param maxRejects rows that may be left out */
export async function loadFile(maxRejects = 0): Promise<void> {
  const now = draft.peek()
  if (!now || obstacle.peek() !== undefined) return
  const query = queryOf(now, guessed.peek())
  if (maxRejects > 0) query.set('maxRejects', String(maxRejects))
  const of = JSON.stringify([now.schema, now.table, String(query), now.file.name, now.file.size, now.file.lastModified])
  once = once?.of === of ? once : { of, key: randomId() }
  again = () => loadFile(maxRejects)
  const answer = await send('load', { ...targetOf(now), query, body: now.file, once: once.key })
  if (!answer) return
  once = undefined
  written.value = answer
  say(`${count(answer.rowCount, 'row')} loaded`)
  await loadCatalogue()
}

/** Does once more what failed. */
export function tryAgain(): void {
  again()
}

function targetOf({ schema, table, format, packed }: Draft): Pick<RowsToSend, 'schema' | 'table' | 'contentType' | 'packed'> {
  return { schema, table, contentType: format?.contentType ?? '', packed }
}

/** @returns undefined if it failed, which is shown, or was cancelled */
async function send(what: Sending['what'], rows: RowsToSend): Promise<Written | undefined> {
  cancel()
  const mine = new AbortController()
  abort = mine
  problem.value = undefined
  sending.value = { what, sent: 0, total: rows.body.size }
  const onProgress = (sent: number) => {
    if (abort === mine) sending.value = { what, sent: Math.min(sent, rows.body.size), total: rows.body.size }
  }
  try {
    return await sendRows(rows, { signal: mine.signal, onProgress })
  } catch (error) {
    if (!mine.signal.aborted) problem.value = toProblem(error)
    return undefined
  } finally {
    if (abort === mine) {
      abort = undefined
      sending.value = undefined
    }
  }
}

class Cancelled extends Error {}
