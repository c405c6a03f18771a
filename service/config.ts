import { isAbsolute, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { PoolLimits } from './engine-pool/engine-pool.ts'
import { numberSettings, textSettings } from './settings.ts'
import { StartupError } from './startup-error.ts'

export interface Config {
  readonly host: string
  readonly port: number
  /** Absolute, like every folder here. */
  readonly lakeDir: string
  readonly extensionDir: string
  readonly logLevel: LogLevel
  /** For programs that we start and that have settings of their own in it: pip. */
  readonly environment: Environment
  readonly shutdownDelayMs: number
  readonly query: QueryLimits
  readonly pool: PoolLimits
  readonly engine: EngineLimits
}

export interface QueryLimits {
  readonly timeoutMs: number
  readonly streamTimeoutMs: number
  readonly maxRows: number
  readonly maxBytes: number
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
  if (!logLevel) throw new StartupError(`LOG_LEVEL is "${environment.LOG_LEVEL}": use ${logLevels.join(', ')}.`)
  return {
    host: environment.HOST || textSettings.HOST.default,
    port: port === undefined ? number('PORT') : numberOf('PORT', port, '--port'),
    lakeDir,
    extensionDir: environment.EXTENSION_DIR ? absolute(environment.EXTENSION_DIR, folder) : join(lakeDir, 'extensions'),
    logLevel,
    environment,
    shutdownDelayMs: number('SHUTDOWN_DELAY_MS'),
    query: {
      timeoutMs: number('QUERY_TIMEOUT_MS'),
      streamTimeoutMs: number('STREAM_TIMEOUT_MS'),
      maxRows: number('QUERY_MAX_ROWS'),
      maxBytes: number('QUERY_MAX_BYTES'),
    },
    pool: {
      engines: number('ENGINES'),
      shortEngines: number('ENGINES_SHORT'),
      spares: number('ENGINE_SPARES'),
      queueMax: number('QUEUE_MAX_QUERIES'),
      perOwnerMax: number('QUEUE_MAX_PER_KEY'),
      recycle: {
        statements: number('ENGINE_MAX_STATEMENTS'),
        ageMs: number('ENGINE_MAX_AGE_S') * 1_000,
        rssMb: number('ENGINE_MAX_RSS_MB'),
      },
    },
    engine: {
      memoryMb: number('ENGINE_MEMORY_MB'),
      dataLimitMb: number('ENGINE_DATA_LIMIT_MB'),
      spillMb: number('ENGINE_SPILL_MB'),
      threads: number('ENGINE_THREADS'),
    },
  }
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
    throw new StartupError(`${shown} is "${value}": use a whole number from ${min} to ${max}.`)
  }
  return number
}

function absolute(path: string, folder: string): string {
  return isAbsolute(path) ? path : resolve(folder, path)
}
