import { spawnSync } from 'node:child_process'
import { constants } from 'node:os'
import { parseArgs } from 'node:util'
import { isEntryPoint } from '../is-entry-point.ts'
import { quoted } from './cluster-tool.ts'
import { logQuestions, queryOf } from './log-questions.ts'
import { UsageError } from './usage-error.ts'

// `npm run logs -- errors`: prints the logcli line that it stands for, and runs it.

const questions = Object.entries(logQuestions).map(([word, { about }]) => `  ${word.padEnd(11)} ${about}`)
const usage = `npm run logs -- QUESTION [--since 1h] [--follow] [--namespace NAME] [--app NAME]\n${questions.join('\n')}`

/** Loki refuses to look at more at once (limits_config.max_query_length). */
const longestHours = 30 * 24

if (isEntryPoint(import.meta.url)) process.exitCode = askLogs(process.argv.slice(2), process.env.LOKI_ADDR)

/** @returns the exit code: logcli's own, 127 if there is none, 2 for a command line that is wrong. */
export function askLogs(words: readonly string[], address: string | undefined): number {
  try {
    const args = logcliArguments(words)
    // On standard error, so that the lines alone go through a pipe.
    if (!address) {
      console.error('LOKI_ADDR is not set, so http://localhost:3100 is asked. To have the cluster’s Loki there, in another terminal:')
      console.error('  kubectl --namespace logging port-forward service/loki 3100')
    }
    console.error(`$ ${['logcli', ...args].map(quoted).join(' ')}`)
    return run(args, address ?? 'http://localhost:3100')
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    console.error(error.message)
    return 2
  }
}

function logcliArguments(words: readonly string[]): string[] {
  const { word, options } = parse(words)
  const question = logQuestions[word]
  if (!question) throw new UsageError(`${word ? `There is no question "${word}"` : 'Say what to ask'}:\n${usage}`)
  const chosen = [...matcher('namespace', options.namespace), ...matcher('app', options.app)]
  const since = goDuration(options.since ?? '1h')
  return ['query', `--since=${since}`, '--limit=500', '--quiet', ...(options.follow ? ['--tail'] : []), queryOf(question, chosen)]
}

function parse(words: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...words],
      allowPositionals: true,
      options: { since: { type: 'string' }, follow: { type: 'boolean' }, namespace: { type: 'string' }, app: { type: 'string' } },
    })
    const [word = '', ...rest] = positionals
    if (rest.length > 0) throw new TypeError(`Unexpected word "${rest[0]}".`)
    return { word, options: values }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new UsageError(`${message.split('. ')[0]}:\n${usage}`)
  }
}

function matcher(label: string, value: string | undefined): string[] {
  if (value === undefined) return []
  if (!/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(value)) {
    throw new UsageError(`--${label} "${value}" is no name that Kubernetes has: use lower-case letters, digits, hyphens and dots.`)
  }
  return [`${label}="${value}"`]
}

/** logcli knows no days. */
function goDuration(since: string): string {
  const [, amount = '', unit = ''] = /^([1-9]\d*)([smhd])$/.exec(since) ?? []
  if (!amount) throw new UsageError(`--since "${since}" is no duration: use a whole number with s, m, h or d, as in 30m or 2d.`)
  const hours = { s: 1 / 3_600, m: 1 / 60, h: 1, d: 24 }[unit] ?? 0
  if (Number(amount) * hours > longestHours) throw new UsageError(`--since ${since} is more than Loki looks at at once: use at most 30d.`)
  return unit === 'd' ? `${Number(amount) * 24}h` : since
}

function run(args: readonly string[], address: string): number {
  const { error, status, signal } = spawnSync('logcli', args, { stdio: 'inherit', env: { ...process.env, LOKI_ADDR: address } })
  if (error && 'code' in error && error.code === 'ENOENT') {
    console.error('logcli is not on the PATH: `brew install logcli`, or take its binary from https://github.com/grafana/loki/releases.')
    return 127
  }
  if (error) throw error
  return status ?? 128 + constants.signals[signal ?? 'SIGTERM']
}
