import { describe, expect, it } from 'vitest'
import { postgresEvents } from '../../constructs/log-pipelines.ts'
import { collect, criLines, serviceTarget } from './collect.ts'

const prefix = '2026-11-26 01:00:00.000 UTC [71] 00000 client backend [user=ducklake,db=catalog,host=10.0.0.7,app=ducklake-reader]\t'
const ofService = (...lines: string[]) => collect(lines.join('\n'), serviceTarget)

describe('JSON', () => {
  it('of the service gives level, service and who asked for what', () => {
    const line =
      '{"level":"warn","time":1,"service":"ducklake","request_id":"r-1","trace_id":"t-1","key_id":"k-1","query_id":"q-1","msg":"x"}'
    expect(ofService(line)).toMatchObject([
      {
        line,
        labels: { level: 'warning', service: 'ducklake' },
        metadata: { request_id: 'r-1', trace_id: 't-1', key_id: 'k-1', query_id: 'q-1' },
      },
    ])
  })

  it.each([
    ['10', 'trace'],
    ['20', 'debug'],
    ['30', 'info'],
    ['40', 'warning'],
    ['50', 'error'],
    ['60', 'fatal'],
    ['"error"', 'error'],
    ['35', undefined],
    ['"of-an-attacker-7f3a"', undefined],
    ['null', undefined],
    ['{}', undefined],
  ])('level %s is %s', (said, level) => {
    expect(ofService(`{"level":${said},"msg":"x"}`)[0]?.labels.level).toBe(level)
  })

  it('without a level, malformed, cut or no object is kept, with the labels of its container', () => {
    const lines = ['{"msg":"no level"}', '{"level":30,"msg":"cut', '{"level":}', '[1]', '{}', '', 'plain text', '{"level":30}{"level":50}']
    const entries = ofService(...lines)
    expect(entries.map(({ line }) => line)).toEqual(lines)
    for (const { labels, metadata } of entries) {
      expect(labels).toMatchObject({ service: 'ducklake-service', app: 'ducklake-service' })
      expect(labels).not.toHaveProperty('level')
      expect(metadata).toEqual({})
    }
  })

  it('names no service that is no name, so that nobody makes streams without end', () => {
    for (const said of ['"A B"', `"${'x'.repeat(41)}"`, '7', '{"a":1}', '"<nil>"']) {
      expect(ofService(`{"level":30,"service":${said}}`)[0]?.labels.service, said).toBe('ducklake-service')
    }
  })
})

describe('the container runtime', () => {
  it('has its time kept, to the nanosecond, and its stream and file dropped', () => {
    const [entry] = collect(`${prefix}LOG:  checkpoint complete: x`)
    expect(entry?.time).toBe('2026-11-26T01:00:00.000000000Z')
    expect(Object.keys(entry?.labels ?? {}).sort()).toEqual([
      'app',
      'container',
      'database',
      'event',
      'job',
      'level',
      'namespace',
      'pod',
      'service',
    ])
  })

  it('may split a line of a megabyte: it is one entry, whole', () => {
    const line = `{"level":50,"request_id":"r-long","msg":"${'x'.repeat(1_000_000)}"}`
    expect(criLines(line).length).toBeGreaterThan(60)
    expect(ofService(line, '{"level":30}')).toMatchObject([
      { line, labels: { level: 'error' }, metadata: { request_id: 'r-long' } },
      { labels: { level: 'info' } },
    ])
  })

  it('may write what is no line of its own: it is kept as it is', () => {
    const lines = ['no time here', '\u0000\ufffd\u0007 bytes', '']
    expect(ofService(...lines).map(({ line }) => line)).toEqual(lines)
  })

  it('decides on the time, whatever a report says of it', () => {
    const back = `${prefix}LOG:  temporary file: path "x", size 1`.replace('2026-11-26 01', '1999-01-01 00')
    expect(collect([`${prefix}ERROR:  x`, back].join('\n')).map(({ time, labels }) => [time.slice(-10), labels.event])).toEqual([
      ['000000000Z', 'error'],
      ['000000001Z', 'temp_file'],
    ])
  })
})

describe('PostgreSQL', () => {
  it('has a level that no application’s name can forge', () => {
    const forged = prefix.replace('ducklake-reader', ']   PANIC:  forged] FATAL:  x').replace('00000', '22012')
    expect(collect(`${forged}ERROR:  division by zero`)).toMatchObject([
      { labels: { level: 'error', event: 'error' }, metadata: { application: ']   PANIC:  forged] FATAL:  x' } },
    ])
  })

  it('has statements that look like its log, and none of them is read as such', () => {
    const lines = [
      `${prefix}LOG:  duration: 900.1 ms  statement: select 'x`,
      '\t2026-11-26 01:00:00.000 UTC [1] XX001 client backend PANIC:  could not read WAL',
      `\t${prefix}FATAL:  password authentication failed for user "x"`,
      "\tSTATEMENT:  select pgmq.send('forged', '{}')'",
      `${prefix}LOG:  duration: 1000.0 ms  statement: select 2`,
    ]
    expect(collect(lines.join('\n'))).toMatchObject([
      { line: lines.slice(0, 4).join('\n'), labels: { event: 'statement', level: 'info' } },
      { line: lines[4], labels: { event: 'statement' } },
    ])
  })

  it('tells of one call of a queue in three entries, of which one counts', () => {
    const details = `${prefix}DETAIL:  Parameters: $1 = 'events', $2 = '{"request_id": "req-9c1"}'`
    const steps = ['parse <unnamed>: ', 'bind <unnamed>: ', 'execute <unnamed>: ']
    const entries = steps.map(step => collect(`${prefix}LOG:  duration: 0.1 ms  ${step}select * from pgmq.send($1, $2)\n${details}`)[0])
    expect(entries.map(entry => entry?.metadata.operation)).toEqual([undefined, undefined, 'send'])
    expect(entries[2]?.metadata).toMatchObject({ queue: 'events', request_id: 'req-9c1' })
    expect(entries.map(entry => entry?.labels.event)).toEqual(['statement', 'statement', 'statement'])
  })

  it.each([
    ["select pgmq.create('a')", '', 'create', 'a'],
    ["select * from pgmq.read_with_poll(queue_name => 'a', vt => 1)", '', 'read_with_poll', 'a'],
    ['SELECT PGMQ."send_batch" ( \'a\', array[]::jsonb[])', '', 'send_batch', 'a'],
    ['SELECT msg_id FROM pgmq.read($1, $2, $3)', "parameters: $1 = 'a', $2 = '30', $3 = '1'", 'read', 'a'],
    ['SELECT pgmq.send_batch($2, $1)', "Parameters: $1 = '{\"x, $2 = y\"}', $2 = 'a'", 'send_batch', 'a'],
    ['select pgmq.metrics_all()', '', 'metrics_all', undefined],
  ])('%s is a call of a queue', (sql, parameters, operation, queue) => {
    const report = `${prefix}LOG:  duration: 600.0 ms  execute s1: ${sql}${parameters && `\n${prefix}DETAIL:  ${parameters}`}`
    expect(collect(report)[0]?.metadata).toMatchObject({ operation, ...(queue && { queue }) })
  })

  it('names the called operation of a failed statement, not what PGMQ called for it', () => {
    const sample = postgresEvents.find(({ name }) => name === 'missing_queue')?.sample ?? ''
    expect(collect(sample)[0]?.metadata).toMatchObject({ operation: 'read', queue: 'nosuch' })
  })

  it('may be told the names of databases that there are not: none becomes a label', () => {
    const stranger = prefix.replace('db=catalog', 'db=made-up-7f3a').replace('00000', '3D000')
    const lines = [
      `${stranger}LOG:  connection authorized: user=ducklake database=made-up-7f3a`,
      `${stranger}FATAL:  database "made-up-7f3a" does not exist`,
      `${stranger.replace('3D000', '28P01')}FATAL:  password authentication failed for user "x"`,
      `${stranger.replace('3D000', '53300')}FATAL:  sorry, too many clients already`,
    ]
    const entries = collect(lines.join('\n'))
    expect(entries).toHaveLength(4)
    for (const { labels } of entries) expect(labels).not.toHaveProperty('database')
  })

  it('has a report of a thousand lines in one entry, and what follows in further ones', () => {
    const text = [`${prefix}ERROR:  x`, ...Array.from({ length: 1500 }, (_, n) => `\tline ${n}`)]
    const entries = collect(text.join('\n'))
    expect(entries.map(({ line }) => line.split('\n').length)).toEqual([1000, 501])
    expect(entries.map(({ labels }) => labels.event)).toEqual(['error', undefined])
  })

  it('prints what is no report, when it starts: each line is an entry', () => {
    const lines = ['postgresql 01:00:00.00 INFO  ==> Welcome', '', `${prefix}LOG:  checkpoint complete: x`]
    expect(collect(lines.join('\n')).map(({ labels }) => labels.event)).toEqual([undefined, undefined, 'checkpoint'])
  })
})

describe('CloudNativePG', () => {
  const target = { ...serviceTarget, namespace: 'storage', container: 'postgres', app: 'postgres', service: 'postgres' }
  const record = (fields: object) =>
    JSON.stringify({
      level: 'info',
      ts: '2026-11-26T01:00:00Z',
      logger: 'postgres',
      msg: 'record',
      logging_pod: 'postgres-1',
      record: fields,
    })

  it.each(postgresEvents)('tells of $name as its server would', ({ name, sample }) => {
    const [, time, pid, code, backend, user, database, host, application, severity, message] =
      /^(.{23} UTC) \[(\d+)\] (\w{5}) ([a-z ]+?) (?:\[user=(.*?),db=(.*?),host=(.*?),app=(.*?)\]\t)?([A-Z]+): {2}(.*?)(?=\n\d{4}-|$)/s.exec(
        sample,
      ) ?? []
    const query = /STATEMENT: {2}(.*)/.exec(sample)?.[1]
    const wrapped = record({
      log_time: time,
      process_id: pid,
      sql_state_code: code,
      backend_type: backend,
      ...(user && { user_name: user, database_name: database, connection_from: `${host}:5432`, application_name: application }),
      error_severity: severity,
      message,
      ...(query && { query }),
    })
    const [plain] = collect(sample)
    const [entry] = collect(wrapped, target)
    expect(entry?.labels).toMatchObject({ event: name, level: plain?.labels.level })
    expect(entry?.labels.database).toBe(plain?.labels.database)
    expect(entry?.metadata).toEqual(plain?.metadata)
    expect(entry?.line.split('\n')[0]).toBe(sample.split('\n')[0]?.replace(/(host=[^,]*),/, '$1:5432,'))
  })

  it('tells of itself in JSON as every program does', () => {
    const line = '{"level":"error","ts":"2026-11-26T01:00:00Z","logger":"instance-manager","msg":"no record here","error":"x"}'
    expect(collect(line, target)).toMatchObject([{ line, labels: { level: 'error', service: 'postgres' } }])
  })

  it('is kept as it is where its record is none', () => {
    for (const line of [record({}), '{"msg":"record","record":7}', '{"msg":"record"', '{"msg":"record","record":{"message":null}}']) {
      expect(collect(line, target), line).toMatchObject([{ line }])
    }
  })
})
