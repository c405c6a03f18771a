import { readFileSync } from 'node:fs'
import { isAbsolute, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { TokenIssuer } from './access/token-verifier.ts'
import type { BackgroundLimits } from './background/background-queries.ts'
import type { Retention } from './background/sweep-results.ts'
import type { PoolLimits } from './engine-pool/pool-limits.ts'
import { lakeSettings } from './lake-settings.ts'
import type { SinkAddress } from './lineage/event-sink.ts'
import type { QueueLimits } from './queue/ingest-queue.ts'
import { type ExternalLake, type LakeValues, readLake } from './read-lake.ts'
import { numberSettings, textSettings } from './settings.ts'
import { SettingError, StartupError } from './startup-error.ts'

export interface Config {
  readonly host: string
  readonly port: number
  /** Absolute, like every folder here. */
  readonly lakeDir: string
  readonly extensionDir: string
  readonly spoolDir: string
  /** The lake on S3 and PostgreSQL; without one the service runs its own in `lakeDir`. */
  readonly externalLake: ExternalLake | undefined
  /** Whose tokens are taken beside keys. */
  readonly tokens: TokenIssuer | undefined
  readonly requestsPerMinute: number
  readonly lineage: LineagePlaces
  readonly logLevel: LogLevel
  /** For programs that we start and that have settings of their own in it: pip. */
  readonly environment: Environment
  readonly logSql: boolean
  /** 0: none. */
  readonly metricsPort: number
  readonly shutdownDelayMs: number
  readonly uploadMaxMb: number
  readonly objects: ObjectLimits
  readonly query: QueryLimits
  readonly write: WriteLimits
  readonly idempotencyKeepHours: number
  readonly background: BackgroundLimits
  readonly maintenanceTimeoutMs: number
  readonly queue: QueueLimits
  readonly retention: Retention
  readonly pool: PoolLimits
  readonly writePool: PoolLimits
  readonly engine: EngineLimits
}

export interface LineagePlaces {
  /** What stands for the lake in names that others see; otherwise its id. */
  readonly lake: string | undefined
  /** Where events are sent. */
  readonly sink: SinkAddress | undefined
}

export interface QueryLimits {
  readonly timeoutMs: number
  readonly streamTimeoutMs: number
  readonly maxRows: number
  readonly maxBytes: number
}

export interface WriteLimits {
  readonly timeoutMs: number
  readonly registerMinBytes: number
}

export interface ObjectLimits {
  readonly maxMb: number
  /** Uploads at once. */
  readonly uploads: number
  readonly presignMaxS: number
}

export interface EngineLimits {
  readonly memoryMb: number
  readonly dataLimitMb: number
  readonly spillMb: number
  readonly threads: number
}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const
type LogLevel = (typeof logLevels)[number]

type Environment = Readonly<Record<string, string | undefined>>

/** Reads the environment and the command line; nothing else in the service does.
 * @throws StartupError that names the variable, its value and what is allowed. */
export function readConfig(
  environment: Environment = process.env,
  words: readonly string[] = process.argv.slice(2),
  folder = process.cwd(),
): Config {
  const port = portFlag(words)
  const number = (name: keyof typeof numberSettings) => numberOf(name, environment[name])
  const lakeDir = resolve(folder, environment.LAKE_DIR || textSettings.LAKE_DIR.default)
  const logLevel = logLevels.find(level => level === (environment.LOG_LEVEL || textSettings.LOG_LEVEL.default))
  if (!logLevel) throw new SettingError(`LOG_LEVEL is "${environment.LOG_LEVEL}": use ${logLevels.join(', ')}.`)
  const shared = {
    queueMax: number('QUEUE_MAX_QUERIES'),
    perOwnerMax: number('QUEUE_MAX_PER_KEY'),
    recycle: {
      statements: number('ENGINE_MAX_STATEMENTS'),
      ageMs: number('ENGINE_MAX_AGE_S') * 1_000,
      rssMb: number('ENGINE_MAX_RSS_MB'),
    },
  }
  return {
    host: environment.HOST || textSettings.HOST.default,
    port: port === undefined ? number('PORT') : numberOf('PORT', port, '--port'),
    lakeDir,
    extensionDir: environment.EXTENSION_DIR ? absolute(environment.EXTENSION_DIR, folder) : join(lakeDir, 'extensions'),
    spoolDir: environment.SPOOL_DIR ? absolute(environment.SPOOL_DIR, folder) : join(lakeDir, 'spool'),
    externalLake: readLake(lakeValues(environment)),
    tokens: tokenIssuer(environment),
    requestsPerMinute: number('RATE_LIMIT_PER_MINUTE'),
    lineage: lineagePlaces(environment),
    logLevel,
    environment,
    logSql: environment.LOG_SQL === 'true',
    metricsPort: number('METRICS_PORT'),
    shutdownDelayMs: number('SHUTDOWN_DELAY_MS'),
    uploadMaxMb: number('UPLOAD_MAX_MB'),
    objects: { maxMb: number('OBJECT_MAX_MB'), uploads: number('OBJECT_UPLOADS'), presignMaxS: number('PRESIGN_MAX_S') },
    query: {
      timeoutMs: number('QUERY_TIMEOUT_MS'),
      streamTimeoutMs: number('STREAM_TIMEOUT_MS'),
      maxRows: number('QUERY_MAX_ROWS'),
      maxBytes: number('QUERY_MAX_BYTES'),
    },
    write: { timeoutMs: number('WRITE_TIMEOUT_MS'), registerMinBytes: number('REGISTER_MIN_MB') * 1_048_576 },
    idempotencyKeepHours: number('IDEMPOTENCY_KEEP_HOURS'),
    background: {
      running: number('BACKGROUND_RUNNING'),
      perOwnerMax: number('BACKGROUND_MAX_PER_KEY'),
      timeoutMs: number('BACKGROUND_TIMEOUT_MS'),
      resultMaxMb: number('RESULT_MAX_MB'),
      resultsPerOwnerMb: number('RESULTS_MAX_PER_KEY_MB'),
      keepHours: number('RESULT_KEEP_HOURS'),
    },
    maintenanceTimeoutMs: number('MAINTENANCE_TIMEOUT_MS'),
    queue: {
      messageMaxBytes: number('QUEUE_MESSAGE_MAX_BYTES'),
      sendMaxBytes: number('QUEUE_SEND_MAX_BYTES'),
      sendMaxMessages: number('QUEUE_SEND_MAX_MESSAGES'),
      maxDepth: number('QUEUE_MAX_DEPTH'),
    },
    retention: { keepHours: number('RESULT_KEEP_HOURS'), historyDays: number('HISTORY_DAYS') },
    pool: { engines: number('ENGINES'), shortEngines: number('ENGINES_SHORT'), spares: number('ENGINE_SPARES'), ...shared },
    writePool: { ...writeEngines(number('WRITE_ENGINES')), ...shared },
    engine: {
      memoryMb: number('ENGINE_MEMORY_MB'),
      dataLimitMb: number('ENGINE_DATA_LIMIT_MB'),
      spillMb: number('ENGINE_SPILL_MB'),
      threads: number('ENGINE_THREADS'),
    },
  }
}

/** One of several is kept for small appends: a large file must not make them wait. */
function writeEngines(all: number): Pick<PoolLimits, 'engines' | 'shortEngines' | 'spares'> {
  const shortEngines = all > 1 ? 1 : 0
  return { engines: all - shortEngines, shortEngines, spares: 0 }
}

function tokenIssuer(environment: Environment): TokenIssuer | undefined {
  const text = (name: keyof typeof textSettings) => environment[name] || textSettings[name].default
  const issuer = text('OIDC_ISSUER')
  const audience = text('OIDC_AUDIENCE')
  const jwksUrl = text('OIDC_JWKS_URL')
  if (!issuer && !audience && !jwksUrl) return undefined
  if (!issuer || !audience)
    throw new SettingError(`${issuer ? 'OIDC_AUDIENCE' : 'OIDC_ISSUER'} is missing: tokens need both it and the other.`)
  for (const [name, url] of Object.entries({ OIDC_ISSUER: issuer, OIDC_JWKS_URL: jwksUrl }))
    if (url && !URL.canParse(url)) throw new SettingError(`${name} is "${url}": use an address such as https://login.example.org/realm.`)
  return {
    issuer,
    audience,
    ...(jwksUrl && { jwksUrl }),
    scopeClaim: text('OIDC_SCOPE_CLAIM'),
    scopePrefix: text('OIDC_SCOPE_PREFIX'),
    grantsClaim: text('OIDC_GRANTS_CLAIM'),
  }
}

/** @throws SettingError */
function lineagePlaces(environment: Environment): LineagePlaces {
  const { LINEAGE_URL: url, LINEAGE_NAMESPACE: lake } = environment
  if (lake && !/^[\w.-]{1,200}$/.test(lake))
    throw new SettingError(`LINEAGE_NAMESPACE is "${lake}": use letters, digits, dots, hyphens and underscores.`)
  const places = { lake: lake || undefined, sink: undefined }
  if (!url) return places
  const { protocol, username, password } = URL.canParse(url) ? new URL(url) : { protocol: '', username: '', password: '' }
  if (username || password) throw new SettingError('LINEAGE_URL holds a user or a password: leave them out, LINEAGE_TOKEN is for secrets.')
  if (protocol !== 'http:' && protocol !== 'https:')
    throw new SettingError(`LINEAGE_URL is "${url}": use an address such as http://marquez:5000/api/v1/lineage.`)
  return { ...places, sink: { url, token: settingOf('LINEAGE_TOKEN', environment) } }
}

function lakeValues(environment: Environment): LakeValues {
  const values = Object.keys(lakeSettings).map(name => [name, settingOf(name, environment)])
  return Object.fromEntries(values.filter(([, value]) => value !== undefined))
}

/** From the variable or from the file that NAME_FILE names, without the newline that editors and `kubectl create secret` leave at the end. */
function settingOf(name: string, environment: Environment): string | undefined {
  const file = environment[`${name}_FILE`]
  const value = environment[name]
  if (!file) return value?.replace(/[\r\n]+$/, '') || undefined
  if (value) throw new SettingError(`${name} and ${name}_FILE are both set: leave one out.`)
  let text: string
  try {
    text = readFileSync(file, 'utf8').replace(/[\r\n]+$/, '')
  } catch (error) {
    throw new SettingError(`${name}_FILE is "${file}", which cannot be read: ${error instanceof Error ? error.message : error}.`)
  }
  if (!text) throw new SettingError(`${name}_FILE is "${file}", which is empty.`)
  return text
}

function portFlag(words: readonly string[]): string | undefined {
  try {
    return parseArgs({ args: [...words], options: { port: { type: 'string' } } }).values.port
  } catch (error) {
    throw new StartupError(
      `${error instanceof Error ? error.message : error} The only option is --port NUMBER; everything else is an environment variable.`,
    )
  }
}

function numberOf(name: keyof typeof numberSettings, value: string | undefined, shown: string = name): number {
  const { default: fallback, min, max } = numberSettings[name]
  if (value === undefined || value === '') return fallback
  const number = Number(value)
  if (!Number.isInteger(number) || number < min || number > max) {
    throw new SettingError(`${shown} is "${value}": use a whole number from ${min} to ${max}.`)
  }
  return number
}

function absolute(path: string, folder: string): string {
  return isAbsolute(path) ? path : resolve(folder, path)
}
