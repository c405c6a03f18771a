import type { ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { EngineClass, LakeConnection } from '../catalog/lake-connection.ts'
import type { EngineLimits } from '../config.ts'
import type { EngineAnswer, EngineRequest, InlineResult, ResultEnd, ResultHead } from '../engine/messages.ts'
import type { ReportOf, Work, WorkName } from '../engine/works.ts'
import { ServiceError } from '../errors.ts'
import { engineStartTimeoutMs, readinessTimeoutMs } from '../settings.ts'
import { startEngineChild } from './engine-child.ts'
import { makePipe } from './result-pipe.ts'
import { type Progress, type Statement, StatementRun } from './statement-run.ts'
import { type WorkLimits, WorkRun } from './work-run.ts'

/** What an engine is started with. */
export interface EngineOptions {
  /** With the credentials of its class. */
  readonly lake: LakeConnection
  readonly engineClass: EngineClass
  readonly limits: EngineLimits
  readonly spillDir: string
  /** What its connections are called in PostgreSQL, before a number of its own. */
  readonly session: string
  /** Folders outside of the lake that it may read and write: of kept results, of bodies that are to be written. */
  readonly folders: readonly string[]
}

/** What is told of the one thing that an engine is at. */
interface Run {
  started?(head: ResultHead): void
  progressed?(progress: Progress): void
  finished?(end: ResultEnd, inline?: InlineResult): void
  reported?(report: ReportOf<WorkName>): void
  failed(error: ServiceError): void
  /** The engine is gone. */
  lost?(error: ServiceError): void
}

/** Engines that this process has started. */
let started = 0

/** The gateway's side of one engine. It takes one statement at a time. */
export class EngineProcess {
  readonly ended: Promise<void>
  readonly startedAt = performance.now()
  /** Statements and works that it did, but for those that read nothing. */
  statements = 0
  /** After its last statement. */
  rssMb = 0
  full = false
  private present: { readonly id: number; readonly run: Run } | undefined
  private lastId = 0
  private broken = false

  /** @param early a process of `startEngineChild` that has no lake yet, if there is one.
   * @throws ServiceError if the engine does not get as far as having the lake attached. */
  static async start(options: EngineOptions, early?: ChildProcess): Promise<EngineProcess> {
    // Its own, because DuckDB gives what it spills the same names in every process.
    const spillDir = join(options.spillDir, randomUUID())
    const pipe = join(spillDir, 'rows')
    started += 1
    const session = `${options.session}-${started}`
    const child = early && isAlive(early) ? early : startEngineChild(options.limits, options.lake.extensionDir)
    // Again if the pipe was just made anew in there.
    const clean = () => rmSync(spillDir, { recursive: true, force: true, maxRetries: 3 })
    child.once('exit', clean)
    const late = setTimeout(() => child.kill('SIGKILL'), engineStartTimeoutMs)
    try {
      mkdirSync(spillDir, { mode: 0o700 })
      const ready = new Promise<void>((resolve, reject) => {
        child.once('message', (answer: EngineAnswer) => {
          if (answer.kind === 'ready') resolve()
          else reject(answer.kind === 'broken' ? new ServiceError(answer.code, answer.detail) : new Error(answer.kind))
        })
        child
          .once('error', reject)
          .once('exit', (code, signal) =>
            reject(new ServiceError('engineNotReady', `An engine ended with ${signal ?? code} while it attached the lake.`)),
          )
      })
      const told = makePipe(pipe).then(() => child.send({ kind: 'attach', ...options, pipe, spillDir, session } satisfies EngineRequest))
      await Promise.all([ready, told])
      return new EngineProcess(child, pipe, session)
    } catch (error) {
      child.kill('SIGKILL')
      clean()
      throw error
    } finally {
      clearTimeout(late)
    }
  }

  private constructor(
    private readonly child: ChildProcess,
    private readonly pipe: string,
    /** The name of its connections in PostgreSQL's pg_stat_activity. */
    readonly session: string,
  ) {
    this.ended = new Promise(resolve => child.once('exit', () => resolve()))
    child.on('message', (answer: EngineAnswer) => this.take(answer))
    child.once('exit', () => {
      const detail =
        'The engine ended while the statement ran; it is being replaced. Try again, with a smaller statement if this one is large.'
      const error = new ServiceError('engineLost', detail)
      const run = this.present?.run
      if (run?.lost) run.lost(error)
      else run?.failed(error)
    })
  }

  /** @throws ServiceError if the statement has no result. */
  run(statement: Statement): StatementRun {
    this.lastId += 1
    this.statements += 1
    const id = this.lastId
    const run = new StatementRun(statement, {
      pipe: this.pipe,
      usable: () => this.usable,
      interrupt: () => this.send({ kind: 'interrupt', id }),
      kill: () => this.kill(),
    })
    this.present = { id, run }
    this.send({ kind: 'run', id, statement: statement.text, output: statement.output })
    return run
  }

  /** Has it do a work of ours. */
  perform<Name extends WorkName>(work: Work<Name> & Work, limits: WorkLimits): WorkRun<Name> {
    this.lastId += 1
    this.statements += 1
    const id = this.lastId
    const run = new WorkRun<Name>(limits, {
      session: this.session,
      interrupt: () => this.send({ kind: 'interrupt', id }),
      kill: () => this.kill(),
    })
    this.present = { id, run }
    this.send({ kind: 'work', id, work })
    return run
  }

  /** Reads the catalog's newest snapshot. @throws ServiceError */
  async ping(): Promise<void> {
    this.lastId += 1
    const id = this.lastId
    const run = new StatementRun(
      { text: { sql: '', grants: 'trusted' }, output: { kind: 'json', maxRows: 0 }, timeoutMs: readinessTimeoutMs },
      { pipe: this.pipe, usable: () => this.usable, interrupt: () => this.send({ kind: 'interrupt', id }), kill: () => this.kill() },
    )
    this.present = { id, run }
    this.send({ kind: 'ping', id })
    await run.result
  }

  /** Whether it may get another statement; one that was killed still has a moment to live. */
  get usable(): boolean {
    return this.child.connected && !this.child.killed && !this.broken
  }

  /** By us, and not by itself. */
  get killed(): boolean {
    return this.child.killed
  }

  kill(): void {
    this.child.kill('SIGKILL')
  }

  private send(request: EngineRequest): void {
    if (this.child.connected) this.child.send(request)
  }

  private take(answer: EngineAnswer): void {
    if (answer.kind === 'ready' || answer.kind === 'broken' || answer.id !== this.present?.id) return
    const { run } = this.present
    switch (answer.kind) {
      case 'head':
        run.started?.(answer.head)
        break
      case 'progress':
        run.progressed?.({ rows: answer.rows, ...(answer.percent >= 0 && { percent: answer.percent }) })
        break
      case 'end':
        this.rssMb = answer.rssMb
        this.full = answer.full
        // What reads nothing leaves nothing behind: an engine need not be replaced for it.
        if (answer.inline && answer.inline.head.snapshotId === undefined) this.statements -= 1
        run.finished?.(answer.end, answer.inline)
        break
      case 'report':
        this.rssMb = answer.rssMb
        this.full = answer.full
        run.reported?.(answer.report)
        break
      case 'error':
        this.rssMb = answer.rssMb
        this.broken = answer.unusable === true
        run.failed(new ServiceError(answer.code, answer.detail, answer))
    }
  }
}

function isAlive({ connected, exitCode, signalCode }: ChildProcess): boolean {
  return connected && exitCode === null && signalCode === null
}
