import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, existsSync, lstatSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../servers/free-port.ts'
import { type Service, startService, stopService } from '../start-service.ts'
import { runLake, startLake } from './run-lake.ts'

let service: Service
let environment: Record<string, string>
let metricsPort: number
const lake = (...words: readonly string[]) => runLake(words, environment)
beforeAll(async () => {
  metricsPort = await freePort()
  service = await startService({ METRICS_PORT: `${metricsPort}` })
  environment = { LAKE_URL: service.url, LAKE_KEY: service.key }
})
afterAll(() => stopService(service))

const failsLate = "SELECT i, CASE WHEN i = 650000 THEN 'x' ELSE '1' END::INTEGER AS n FROM range(700000) AS t(i)"
const inLake = (name: string) => join(service.lakeDir, name)

describe('lake query', () => {
  it('shows a table, and counts beside it', async () => {
    const { code, out, error } = await lake('query', "SELECT 7 AS n, NULL AS nothing, '' AS empty, 'a\u001b[31m\u202e' AS hostile")
    expect({ code, out }).toEqual({
      code: 0,
      out: 'n  nothing  empty  hostile\n-  -------  -----  -------------------\n7     NULL         a\\u{1b}[31m\\u{202e}\n',
    })
    expect(error).toMatch(/^1 row, \d+ ms\n$/)
  })

  it('takes parameters by name, by place and with a type, and an older version', async () => {
    const sql = 'SELECT $n::VARCHAR AS n, $big::VARCHAR AS big, $day + 1 AS day'
    const named = await lake('query', '-F', 'csv', sql, '-p', 'n=40', '-p', 'big=12345678901234567890', '-p', 'day:DATE=2026-06-01')
    expect(named.out).toBe('n,big,day\n40,12345678901234567890,2026-06-02\n')
    expect((await lake('query', '-F', 'csv', 'SELECT $1 AS a, $2 AS b', '-p', '2=two', '-p', '1=null')).out).toBe('a,b\n,two\n')
    expect((await lake('query', '--as-of', '0', 'FROM rides')).code).toBe(1)
  })

  it('reads the statement from a file or a pipe', async () => {
    writeFileSync(inLake('q.sql'), 'SELECT 42 AS answer')
    expect((await lake('query', '-F', 'csv', '--file', inLake('q.sql'))).out).toBe('answer\n42\n')
    expect((await runLake(['query', '-F', 'csv'], environment, 'SELECT 43 AS answer')).out).toBe('answer\n43\n')
  })

  it('writes a file of the format that its name says, and says what is in it', async () => {
    for (const name of ['rides.csv', 'rides.parquet', 'rides.arrow', 'rides.ndjson', 'rides.json'])
      expect(await lake('query', 'FROM rides', '-o', inLake(name))).toMatchObject({ code: 0, out: '' })
    expect(readFileSync(inLake('rides.csv'), 'utf8').trimEnd().split('\n')).toHaveLength(501)
    expect(readFileSync(inLake('rides.parquet')).subarray(-4).toString()).toBe('PAR1')
    expect(JSON.parse(readFileSync(inLake('rides.json'), 'utf8'))).toMatchObject({ rowCount: 500 })
  })

  it('leaves no file of an answer that broke off, and says why', async () => {
    const { code, error } = await lake('query', failsLate, '-o', inLake('broken.csv'))
    expect(code).toBe(1)
    expect(error).toContain('The answer is not complete.')
    expect(error).toContain("'x'")
    expect(readdirSync(service.lakeDir).filter(name => name.startsWith('broken'))).toEqual([])
  })

  it('leaves a link and a pipe what they are, and writes through them', async () => {
    writeFileSync(inLake('linked.csv'), 'before')
    symlinkSync(inLake('linked.csv'), inLake('link.csv'))
    expect((await lake('query', 'SELECT 1 AS n', '-o', inLake('link.csv'))).code).toBe(0)
    expect(lstatSync(inLake('link.csv')).isSymbolicLink()).toBe(true)
    expect(readFileSync(inLake('linked.csv'), 'utf8')).toBe('n\n1\n')
    execFileSync('mkfifo', [inLake('pipe.csv')])
    const reader = spawn('cat', [inLake('pipe.csv')])
    const read = text(reader.stdout)
    try {
      expect((await lake('query', 'SELECT 2 AS n', '-o', inLake('pipe.csv'))).code).toBe(0)
      expect(lstatSync(inLake('pipe.csv')).isFIFO()).toBe(true)
      expect(await read).toBe('n\n2\n')
    } finally {
      reader.kill()
    }
  })

  it('says what a route that the service names is in this command', async () => {
    expect((await lake('query', 'DROP TABLE rides')).error).toContain('In this command POST /v1/statements is "lake run".\n')
    expect((await lake('run', 'FROM rides')).error).toContain('In this command POST /v1/query is "lake query".\n')
  })

  it('marks the place that is wrong, and has all of it as JSON', async () => {
    const { code, out, error } = await lake('query', "SELECT 'é😀',\n  passenger FROM rides")
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(error).toContain('2 |   passenger FROM rides\n      ^\n')
    expect(error).toContain('Did you mean passengers')
    const json = await lake('query', '--json', 'SELECT passenger FROM rides')
    expect(JSON.parse(json.error)).toMatchObject({ error: { code: 'sqlInvalid', status: 400, position: 7 } })
  })

  it('is quiet when whoever reads has seen enough', () => {
    const script = `"$NODE" .build/cli/lake.js query -F csv 'FROM range(20000000)' | head -n 1`
    const env = { ...environment, PATH: process.env.PATH, NODE: process.execPath }
    expect(execFileSync('bash', ['-o', 'pipefail', '-c', script], { encoding: 'utf8', env })).toBe('range\n')
  })

  it('is cancelled on the server by Ctrl-C', async () => {
    const sql = 'SELECT sum(hash(a.range, b.range)) AS x FROM range(1000000) AS a, range(1000000) AS b'
    const metrics = async () => (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text()
    await expect.poll(metrics, { timeout: 20_000 }).toMatch(/^ducklake_running_statements 0$/m)
    const { child, ended } = startLake(['query', sql], environment)
    await expect.poll(metrics, { timeout: 20_000 }).toMatch(/^ducklake_running_statements 1$/m)
    child.kill('SIGINT')
    expect(await ended).toEqual({ code: 130, out: '', error: '' })
    const history = async () => {
      const response = await fetch(`${service.url}/v1/queries?limit=10`, { headers: { authorization: `Bearer ${service.key}` } })
      const { queries }: { queries: { sql: string; state: string }[] } = JSON.parse(await response.text())
      return queries.find(query => query.sql === sql)?.state
    }
    await expect.poll(history, { timeout: 20_000 }).toBe('cancelled')
  })
})

describe('the exit code', () => {
  it.each([
    ['2', 'a command that there is not', ['nonsense'], 'unknown command'],
    ['2', 'an option that there is not', ['query', '--nonsense', 'x'], 'unknown option'],
    ['2', 'a parameter without a value', ['query', 'SELECT $a', '-p', 'a'], 'use name=value'],
    ['2', 'a number that is none', ['query', '--max-rows', '-1', 'SELECT 1'], 'Use a whole number from 1 on.'],
    ['2', 'a file whose name does not say what is in it', ['upload', 'LICENSE', 't'], 'its name does not say'],
    ['2', 'an output whose name does not say it', ['query', '-o', 'csv', 'SELECT 1'], 'its name does not say'],
    ['2', 'a file that is not there', ['upload', 'no.csv', 't'], 'There is no file no.csv.'],
    ['2', 'a statement that is empty', ['query', ' '], 'There is no statement'],
    ['2', 'a version that is none', ['diff', 'rides', 'yesterday'], 'Use the number of a version'],
    ['2', 'a depth that is too much', ['lineage', 'rides', '--depth', '21'], 'Use a whole number from 1 to 20.'],
    ['2', 'a task that there is not', ['maintenance', '--task', 'sweep'], 'Allowed choices are flush,'],
    ['2', 'a run that is none', ['maintenance', 'show', 'last'], 'Use the id of a run'],
    ['2', 'a key that is none', ['keys', 'revoke', 'dashboard'], 'Use the 12 characters between dl_ and the next _'],
    ['2', 'a key that would be over', ['keys', 'create', 'old', '--expires', '2020-01-01'], 'which is over'],
    ['3', 'an address where nobody answers', ['--url', 'http://127.0.0.1:9', 'tables'], 'does not answer'],
    ['78', 'an address that is none', ['--url', 'lake.example', 'tables'], 'The address of the lake is "lake.example"'],
    ['78', 'a key that cannot be sent', ['--key', 'two words', 'tables'], 'is no key'],
    ['1', 'a key that is not known', ['--key', 'dl_000000000000_00', 'tables'], '(unauthenticated, request'],
    ['1', 'an output whose folder is not there', ['query', '-o', 'no/such/folder/x.csv', 'SELECT 1'], 'lake: ENOENT: no such file'],
    ['0', 'a question for help', ['query', '--help'], ''],
  ] as const)('is %s for %s', async (code, _what, words, sentence) => {
    const ended = await lake(...words)
    expect(ended.error).toContain(sentence)
    expect(`${ended.code}`).toBe(code)
  })

  it.each([
    ['usage', ['qurey', 'SELECT 1'], "unknown command 'qurey'"],
    ['usage', ['query', '--nonsense', 'SELECT 1'], "unknown option '--nonsense'"],
    ['usage', ['query', ''], 'There is no statement'],
    ['usage', [], 'Which command?'],
    ['setting', ['tables', '--url', 'lake.example'], 'The address of the lake'],
    ['file', ['query', '-o', 'no/such/folder/x.csv', 'SELECT 1'], 'ENOENT'],
    ['unreachable', ['tables', '--url', 'http://127.0.0.1:9'], 'does not answer'],
  ] as const)('comes with one line of JSON that has the code %s for %j', async (code, words, sentence) => {
    const { out, error } = await lake('--json', ...words)
    expect(out).toBe('')
    expect(JSON.parse(error)).toEqual({ error: { code, detail: expect.stringContaining(sentence) } })
  })

  it('is 78 for a key that others can read, until they cannot', async () => {
    const file = inLake('a.key')
    writeFileSync(file, `${service.key}\n`, { mode: 0o644 })
    const asked = () => runLake(['tables'], { LAKE_URL: service.url, LAKE_KEY_FILE: file })
    const { code, error } = await asked()
    expect([code, error]).toEqual([78, `lake: ${file} can be read by others (mode 644): chmod 600 ${file}\n`])
    expect(error).not.toContain(service.key)
    chmodSync(file, 0o600)
    expect((await asked()).code).toBe(0)
    expect(existsSync(file)).toBe(true)
  })
})
