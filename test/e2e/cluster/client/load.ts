import { setTimeout as sleep } from 'node:timers/promises'
import { Tally, type TallyReport } from './tally.ts'

// Runs in a pod, without packages: sends requests at a fixed rate, whatever becomes of those before, until standard input ends. It writes a line
// once the first is answered, and at its end one with what became of all. All of them may be sent twice: reads, and appends with an Idempotency-Key.

export interface Load {
  /** Where requests go: each in turn. */
  readonly urls: readonly string[]
  readonly key: string
  /** Requests a second. */
  readonly rate: number
  /** What reads ask, and the rows that are the answer, as JSON: another one is a failure too. */
  readonly read: { readonly sql: string; readonly rows: string }
  /** Where appends go to. */
  readonly table: string
  /** Stands in each row, so that a run finds its own. */
  readonly run: string
}

export interface LoadReport {
  readonly seconds: number
  readonly kinds: Readonly<Record<string, TallyReport>>
  /** Appends that somebody acknowledged; the sequences are 0 to this less one if nothing is in `unanswered`. */
  readonly acknowledged: number
  readonly unanswered: readonly string[]
}

/** Of twenty requests one writes and six read the lake's files and catalog, each some 15 ms of a core; the rest are small. */
const mix = 'append small read small list small read small me small read small list small read small me small me small'.split(' ')

/** How long one try may take, and how long a caller tries the same request again. */
const tryMs = 20_000
const giveUpMs = 120_000

const load: Load = JSON.parse(process.argv[2] ?? '{}')
const tallies = { append: new Tally(), read: new Tally(), list: new Tally(), small: new Tally(), me: new Tally() }
const unanswered: string[] = []
const underWay = new Set<Promise<void>>()
const began = performance.now()
let [sent, appended, acknowledged] = [0, 0, 0]
let told = false

const ticking = setInterval(() => {
  // As many as the time wants: a timer that came late is made up for.
  while (sent < ((performance.now() - began) / 1_000) * load.rate) {
    const request = next(sent++).finally(() => underWay.delete(request))
    underWay.add(request)
  }
}, 10)

process.stdin.resume().once('end', async () => {
  clearInterval(ticking)
  const seconds = Math.round((performance.now() - began) / 1_000)
  await Promise.all(underWay)
  const kinds = Object.fromEntries(Object.entries(tallies).map(([kind, tally]) => [kind, tally.report()]))
  const report: LoadReport = { seconds, kinds, acknowledged, unanswered }
  console.log(JSON.stringify(report))
  process.exit(0)
})

function next(index: number): Promise<void> {
  // With each round of the mix one further: no address gets only some kinds.
  const url = load.urls[(index + Math.floor(index / mix.length)) % load.urls.length] ?? ''
  const statement = (sql: string, rows: string) =>
    ask(`${url}/v1/query`, { method: 'POST', body: JSON.stringify({ sql }) }, 'application/json', rows)
  switch (mix[index % mix.length]) {
    case 'append':
      return append()
    case 'read':
      return insistOn(tallies.read, () => statement(load.read.sql, load.read.rows))
    case 'list':
      return insistOn(tallies.list, () => ask(`${url}/v1/tables`, {}))
    case 'me':
      return insistOn(tallies.me, () => ask(`${url}/v1/me`, {}))
    default:
      return insistOn(tallies.small, () => statement('SELECT 1 AS one', '[[1]]'))
  }
}

/** The writer goes from one address to the next with every append, and with every repetition of one. */
async function append(): Promise<void> {
  const sequence = appended++
  let attempt = 0
  const body = `${JSON.stringify({ run: load.run, sequence })}\n`
  const headers = { 'idempotency-key': `${load.run}-${sequence}` }
  await insist(tallies.append, () => {
    const url = load.urls[(sequence + attempt++) % load.urls.length] ?? ''
    return ask(`${url}/v1/tables/main/${load.table}/rows`, { method: 'POST', body, headers }, 'application/x-ndjson')
  }).then(
    () => acknowledged++,
    (error: unknown) => unanswered.push(`append ${sequence}: ${error}`),
  )
}

/** The same for requests of which only the tally has to know that nobody answered. */
function insistOn(tally: Tally, attempt: () => Promise<string | undefined>): Promise<void> {
  return insist(tally, attempt).catch(() => {})
}

/** Sends it until it is answered. @throws Error with the last reason if nobody does in time, or it is refused for good */
async function insist(tally: Tally, attempt: () => Promise<string | undefined>): Promise<void> {
  const start = performance.now()
  tally.send()
  for (let tries = 1; ; tries++) {
    const reason = await attempt().catch((error: unknown) => reasonOf(error))
    if (reason === undefined) {
      if (!told) console.log('answered')
      told = true
      return tally.answer(performance.now() - start)
    }
    tally.failTry(reason)
    if (reason.startsWith('refused') || performance.now() - start > giveUpMs) {
      tally.fail(reason)
      throw new Error(reason)
    }
    // Not at once, and not all at once: repetitions count against the key's limit of requests too.
    await sleep(Math.min(2_000, 100 * 2 ** tries) * (0.5 + Math.random() / 2))
  }
}

/** @returns why it has to be sent again; nothing if it was answered, with these rows if any are given */
async function ask(url: string, request: RequestInit, contentType?: string, rows?: string): Promise<string | undefined> {
  const headers = { ...request.headers, authorization: `Bearer ${load.key}`, ...(contentType && { 'content-type': contentType }) }
  const response = await fetch(url, { ...request, headers, signal: AbortSignal.timeout(tryMs) })
  const text = await response.text()
  if (response.ok) {
    const right = rows === undefined || JSON.stringify(JSON.parse(text).rows) === rows
    return right ? undefined : `refused: a wrong answer, ${text}`
  }
  const again = response.status >= 500 || response.status === 429 || response.status === 409
  const code = `${response.status} ${/"code":"(\w+)"/.exec(text)?.[1] ?? ''}`
  return again ? code : `refused: ${code} ${/"detail":"([^"]*)/.exec(text)?.[1] ?? text}`
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return cause instanceof Error ? ('code' in cause ? String(cause.code) : cause.message) : String(cause)
}
