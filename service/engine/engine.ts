import type { DuckDBConnection } from '@duckdb/node-api'
import { metadataDatabase } from '../catalog/metadata-database.ts'
import type { ErrorCode } from '../errors.ts'
import { DataFolder } from '../files/data-folder.ts'
import { attachLake, openDuckdb } from './attach-lake.ts'
import { classifyError } from './classify-error.ts'
import { Gate } from './gate.ts'
import type { EngineAnswer, EngineRequest, StatementText } from './messages.ts'
import type { Session } from './open-statement.ts'
import { PreparedConstants } from './prepared-constants.ts'
import { processMemoryMb } from './process-memory.ts'
import { runStatement } from './run-statement.ts'
import { withoutHints } from './without-hints.ts'
import { perform } from './works.ts'

// The engine's process: one DuckDB with the lake attached, one statement at a time. Killing it kills exactly that statement.

/** How often a running statement tells how far it is. */
const progressEveryMs = 250

let opening: Promise<DuckDBConnection | undefined> | undefined
let session: Session | undefined
let running: number | undefined
/** An engine that keeps more than this after a failed statement would fail the next one too: half of what it may still have. */
let memoryBoundMb = Number.POSITIVE_INFINITY
/** And after one that did not fail: what DuckDB keeps within its own limit it will give up. The rest is with the allocator. */
let fullBoundMb = Number.POSITIVE_INFINITY

// Without the gateway nobody waits for an answer; and a statement in progress would keep an ordinary exit waiting.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))

process.on('message', (request: EngineRequest) => {
  switch (request.kind) {
    case 'open':
      // On a first start there are no extensions yet: then it is tried again with the lake.
      opening = openDuckdb(request.extensionDir).catch(() => undefined)
      break
    case 'attach':
      attach(request)
      break
    case 'run':
      respond(request.id, request.statement, async attached => ({
        kind: 'end',
        ...(await runStatement(attached, request.statement, request.output, head => answer({ kind: 'head', id: request.id, head }))),
      }))
      break
    case 'work':
      respond(request.id, undefined, async attached => ({ kind: 'report', report: await perform(attached, request.work) }))
      break
    case 'ping':
      respond(request.id, undefined, async ({ lake }) => {
        await lake.run('FROM lake.current_snapshot()')
        return { kind: 'end', end: { rowCount: 0, truncated: false } }
      })
      break
    case 'interrupt':
      // It may come after the end of the statement that it means, when the next one runs already.
      if (request.id === running) session?.lake.interrupt()
  }
})

async function attach(request: Extract<EngineRequest, { kind: 'attach' }>): Promise<void> {
  const { lake, limits, spillDir, pipe, folders, engineClass, session: name } = request
  // What PostgreSQL's client library calls its connections.
  process.env.PGAPPNAME = name
  try {
    const connection = await attachLake(lake, limits, spillDir, [pipe], folders, engineClass, await opening)
    session = {
      lake: connection,
      gate: new Gate(connection),
      constants: new PreparedConstants(connection),
      pipe,
      files: new DataFolder(lake),
      threads: limits.threads,
    }
    const startedMb = processMemoryMb()
    memoryBoundMb = startedMb + (limits.dataLimitMb - startedMb) / 2
    fullBoundMb = memoryBoundMb + limits.memoryMb / 2
    answer({ kind: 'ready' })
  } catch (error) {
    answer({ kind: 'broken', ...classifyError(error, '') })
  }
}

type Answer<Kind> = Omit<Extract<EngineAnswer, { kind: Kind }>, 'id' | 'rssMb' | 'full'>
type Success = Answer<'end'> | Answer<'report'>

async function respond(id: number, statement: StatementText | undefined, work: (attached: Session) => Promise<Success>): Promise<void> {
  const attached = session
  if (!attached) throw new Error('a request came before the lake was attached')
  running = id
  const progress = setInterval(() => {
    const { percentage, rows_processed: rows } = attached.lake.progress
    answer({ kind: 'progress', id, percent: percentage, rows: Number(rows) })
  }, progressEveryMs)
  try {
    const result = await work(attached)
    running = undefined
    answer({ id, ...result, ...memory() })
  } catch (error) {
    running = undefined
    const failure = withoutHints(classifyError(error, sqlOf(statement)), statement?.grants)
    const unusable =
      failure.code === 'outOfMemory' ||
      // What its connection still does is known only when it is gone.
      failure.code === 'outcomeUnknown' ||
      // What it has spilled stays on the disk as long as it lives.
      failure.code === 'storageFull' ||
      failure.unusable ||
      processMemoryMb() > memoryBoundMb ||
      (outlasting.has(failure.code) && !(await isSound(attached)))
    answer({ kind: 'error', id, ...failure, unusable, rssMb: memory().rssMb })
  } finally {
    clearInterval(progress)
  }
}

/** Errors out of the middle of a statement. One of memory, for example, can leave DuckLake's own transaction aborted, and the next caller
 * would get that error; so can a connection to the catalog that ended within it. */
const outlasting: ReadonlySet<ErrorCode> = new Set(['queryTimeout', 'queryFailed', 'catalogUnavailable'])

/** Whether the next statement would find the lake. */
async function isSound({ lake }: Session): Promise<boolean> {
  try {
    await lake.run('BEGIN')
    await lake.run(`SELECT count(*) FROM ${metadataDatabase}.ducklake_schema, lake.current_snapshot()`)
    await lake.run('ROLLBACK')
    return true
  } catch {
    return false
  }
}

/** asOf runs another text than the caller's: places in it mean nothing to the caller. */
function sqlOf(statement: StatementText | undefined): string {
  return statement && !statement.asOf ? statement.sql : ''
}

/** Asking the system takes as long as a short statement. */
const memoryEveryMs = 1_000
let asked = { rssMb: 0, full: false, atMs: Number.NEGATIVE_INFINITY }

function memory() {
  const now = performance.now()
  if (now - asked.atMs > memoryEveryMs)
    asked = { rssMb: Math.round(process.memoryUsage.rss() / 1_048_576), full: processMemoryMb() > fullBoundMb, atMs: now }
  const { rssMb, full } = asked
  return { rssMb, full }
}

function answer(message: EngineAnswer): void {
  process.send?.(message)
}
