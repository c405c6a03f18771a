import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { logQuestions, queryOf } from '../../constructs/commands/log-questions.ts'
import { checkLogql } from '../../constructs/logql/check-logql.ts'

const bin = mkdtempSync(join(tmpdir(), 'logcli-'))
/** Stands for logcli: says where it would ask what, and ends as it is told. */
beforeAll(() => {
  writeFileSync(join(bin, 'logcli'), '#!/bin/sh\necho "$LOKI_ADDR"\nprintf "%s\\n" "$@"\nexit 3\n')
  chmodSync(join(bin, 'logcli'), 0o755)
})
afterAll(() => rmSync(bin, { recursive: true, force: true }))

function logs(words: string, environment: Readonly<Record<string, string>> = {}) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx/esm', 'constructs/commands/ask-logs.ts', ...words.split(' ')],
    {
      encoding: 'utf8',
      env: { PATH: `${bin}${delimiter}${process.env.PATH}`, ...environment },
    },
  )
  return { status, out: stdout, error: stderr }
}

describe('npm run logs', () => {
  it('prints the line it stands for and runs it, and ends as logcli does', () => {
    expect(logs('autovacuum --since 2d --namespace storage --app postgresql', { LOKI_ADDR: 'https://loki.example' })).toEqual({
      status: 3,
      error: `$ logcli query --since=48h --limit=500 --quiet '{event=~"autovacuum|autoanalyze|wraparound", namespace="storage", app="postgresql"}'\n`,
      out: 'https://loki.example\nquery\n--since=48h\n--limit=500\n--quiet\n{event=~"autovacuum|autoanalyze|wraparound", namespace="storage", app="postgresql"}\n',
    })
  })

  it('follows, and says how to reach the cluster’s Loki', () => {
    const { out, error } = logs('errors --follow')
    expect(out).toBe('http://localhost:3100\nquery\n--since=1h\n--limit=500\n--quiet\n--tail\n{level=~"error|fatal"}\n')
    expect(error).toMatch(
      /^LOKI_ADDR is not set, so http:\/\/localhost:3100 is asked\. [^\n]*\n {2}kubectl --namespace logging port-forward service\/loki 3100\n\$ /,
    )
  })

  it('says how to get logcli where there is none', () => {
    const { status, error } = logs('errors', { PATH: '/nonexistent', LOKI_ADDR: 'http://loki' })
    expect(status).toBe(127)
    expect(error).toContain('\nlogcli is not on the PATH: `brew install logcli`, or take its binary from')
  })

  it.each([
    ['eror', 'There is no question "eror":\nnpm run logs -- QUESTION'],
    ['--follow', 'Say what to ask:\n'],
    ['errors slow', 'Unexpected word "slow"'],
    ['errors --sinse 1h', "Unknown option '--sinse'"],
    ['errors --since yesterday', '--since "yesterday" is no duration: use a whole number with s, m, h or d, as in 30m or 2d.'],
    ['errors --since 0h', '--since "0h" is no duration'],
    ['errors --since 31d', '--since 31d is more than Loki looks at at once: use at most 30d.'],
    ['errors --app x",namespace="y', '--app "x",namespace="y" is no name that Kubernetes has'],
  ])('%s is refused with a sentence', (words, sentence) => {
    const { status, out, error } = logs(words, { LOKI_ADDR: 'http://loki' })
    expect({ status, out }).toEqual({ status: 2, out: '' })
    expect(error).toContain(sentence)
  })

  it.each(Object.entries(logQuestions))('%s asks what the gate lets through', (_, question) => {
    expect(checkLogql(queryOf(question, ['namespace="a"']), 'panel')).toEqual([])
  })
})
