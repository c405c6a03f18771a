import { randomUUID } from 'node:crypto'
import { isAbsolute, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type Config, readConfig } from '../config.ts'
import { ServiceError } from '../errors.ts'
import { type FileStore, openStore } from '../files/file-store.ts'
import { exitCodeOf, SettingError, StartupError } from '../startup-error.ts'
import { endRun, insertRun, type RunOutcome } from '../store/maintenance-runs.ts'
import type { Store } from '../store/store.ts'

/** What a program of this folder is given. */
export interface Program<Options> {
  readonly config: Config
  readonly options: Options
  readonly say: (line: string) => void
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal
}

type OptionTypes = Readonly<Record<string, { readonly type: 'string' | 'boolean'; readonly default?: string | boolean }>>
type Values<Types extends OptionTypes> = ReturnType<typeof parseArgs<{ options: Types }>>['values']

const asJson = '--json'

/** Runs a program to its end: reads the command line, says what went wrong in a sentence, exits with 1 then, or with 78 for a setting. With
 * --json it says nothing on its way and prints what the work reports as JSON, and an error likewise. */
export async function runProgram<Types extends OptionTypes>(
  options: Types,
  words: readonly string[],
  work: (program: Program<Values<Types>>) => Promise<object>,
): Promise<never> {
  const json = words.includes(asJson)
  const stopping = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort(new StartupError('Stopped.')))
  try {
    const values = readOptions(
      options,
      words.filter(word => word !== asJson),
    )
    const say = (line: string) => {
      if (!json) console.log(line)
    }
    const report = await work({ config: readConfig(undefined, []), options: values, say, signal: stopping.signal })
    if (json) console.log(JSON.stringify(report))
    process.exit(0)
  } catch (error) {
    console.error(json ? errorJson(error) : (sentenceOf(error) ?? error))
    process.exit(exitCodeOf(error))
  }
}

function readOptions<Types extends OptionTypes>(options: Types, words: readonly string[]): Values<Types> {
  try {
    return parseArgs({ args: [...words], options }).values
  } catch (error) {
    const known = Object.keys(options).map(name => `--${name}`)
    throw new StartupError(`${error instanceof Error ? error.message : error} The options are ${[...known, asJson].join(', ')}.`)
  }
}

/** Where backups are: what was said, else the bucket of the settings. @throws StartupError if neither says it */
export async function openBackups(config: Config, said: string | undefined, option: string): Promise<FileStore> {
  const known = config.externalLake?.backups
  if (said !== undefined) return openStore(placeNamed(said, known, option))
  if (known) return openStore(known)
  throw new StartupError(`Say where the backups are: ${option} FOLDER, or S3_BACKUP_PATH for a lake on S3.`)
}

function placeNamed(said: string, known: NonNullable<Config['externalLake']>['backups'], option: string) {
  if (!said.startsWith('s3://')) return isAbsolute(said) ? said : resolve(said)
  const path = said.endsWith('/') ? said : `${said}/`
  const [, , bucket = '', ...rest] = path.split('/')
  if (known?.bucket === bucket) return { ...known, prefix: rest.join('/') }
  throw new StartupError(`${option} is "${said}": the only bucket that there is a key for is the one of S3_BACKUP_PATH.`)
}

/** Notes in the lake what the program does, for people and for the metric of the last success. */
export async function recorded<Result>(
  store: Store,
  task: 'backup' | 'restore-drill',
  work: () => Promise<{ readonly result: Result; readonly outcome: Omit<RunOutcome, 'state' | 'error'> }>,
): Promise<Result> {
  const id = randomUUID()
  await insertRun(store.ask, { id, task, dryRun: false, options: {}, requestedBy: task })
  try {
    const { result, outcome } = await work()
    await endRun(store.ask, id, { ...outcome, state: 'succeeded' })
    return result
  } catch (error) {
    const code = error instanceof ServiceError ? error.code : 'internal'
    const detail = sentenceOf(error) ?? 'The output of the program has the details.'
    await endRun(store.ask, id, { state: 'failed', error: { code, detail } }).catch(() => {})
    throw error
  }
}

function errorJson(error: unknown): string {
  const code = error instanceof ServiceError ? error.code : error instanceof SettingError ? 'setting' : 'backup'
  return JSON.stringify({
    error: { code: sentenceOf(error) === undefined ? 'internal' : code, detail: sentenceOf(error) ?? String(error) },
  })
}

function sentenceOf(error: unknown): string | undefined {
  if (error instanceof StartupError) return error.message
  return error instanceof ServiceError ? error.detail : undefined
}
