import { createServer, type Server } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { classifyError } from '../../service/engine/classify-error.ts'
import { Gate } from '../../service/engine/gate.ts'
import { hostileDefinitions } from './hostile-definitions.ts'
import { hostileStatements } from './hostile-statements.ts'
import { type OpenLake, openLake } from './open-lake.ts'

let lake: OpenLake
let gate: Gate
let listener: Server
let connections = 0
let statements: ReturnType<typeof hostileStatements>

beforeAll(async () => {
  lake = await openLake()
  for (const sql of hostileDefinitions) await lake.writer.run(sql)
  gate = new Gate(lake.reader)
  listener = createServer(socket => {
    connections += 1
    socket.destroy()
  })
  await new Promise<void>(resolve => listener.listen(0, '127.0.0.1', resolve))
  const address = listener.address()
  const port = typeof address === 'object' && address ? address.port : 0
  statements = hostileStatements({ listener: `127.0.0.1:${port}`, dataPath: lake.dataPath })
})
afterAll(async () => {
  listener.close()
  await lake.close()
})

/** As an engine does it. @returns the rows as text, or the code of the error. */
async function run(sql: string): Promise<{ readonly code: string; readonly rows: string }> {
  await lake.reader.run('BEGIN')
  try {
    const [snapshot] = (await lake.reader.runAndReadAll('FROM lake.current_snapshot()')).getRows()
    await gate.refresh(BigInt(String(snapshot?.[0])))
    const gated = await gate.check(sql)
    const reader = await lake.reader.runAndReadAll(`SELECT * FROM (\n${gated.sql}\n) AS result LIMIT 100`)
    return { code: 'harmless', rows: JSON.stringify(reader.getRowsJson()) }
  } catch (error) {
    const { code, detail } = classifyError(error, sql)
    return { code, rows: detail }
  } finally {
    await lake.reader.run('ROLLBACK')
  }
}

describe('hostile statements', () => {
  it('are refused or harmless, and the next statement is answered correctly', async () => {
    expect(statements.length).toBeGreaterThanOrEqual(130)
    const wrong: unknown[] = []
    for (const { sql, tries, outcome } of statements) {
      const { code, rows } = await run(sql)
      if (!(outcome === 'harmless' ? ['harmless'] : outcome).some(allowed => allowed === code)) {
        wrong.push({ sql: sql.slice(0, 100), tries, code, rows: rows.slice(0, 300) })
      }
      if (/root:|PATH=|4711|host=|BEGIN|SCRAM/.test(rows)) wrong.push({ sql: sql.slice(0, 100), tries, leaked: rows.slice(0, 300) })
      const next = await run('SELECT count(*), sum(fares) FROM rides')
      if (next.rows !== '[["500","47499.20"]]') wrong.push({ sql: sql.slice(0, 100), tries, next })
    }
    expect(wrong).toEqual([])
  })

  it('of a key without grants tell the same of a table that exists and of one that does not', async () => {
    const answer = (sql: string) => gate.check(sql, { grants: [{ schema: 'main', table: 'late_rides' }] }).catch(error => error)
    for (const form of ['FROM secret.%', 'DESCRIBE secret.%', 'WITH a AS (FROM secret.%) FROM a', 'SELECT (SELECT max(x) FROM secret.%)']) {
      const [real, unreal] = await Promise.all(['pay', 'nil'].map(name => answer(form.replace('%', name))))
      expect(real).toMatchObject({ code: 'statementRefused', detail: 'There is no table secret.pay that this key may read.' })
      expect({ code: unreal.code, detail: unreal.detail.replace('nil', 'pay') }).toEqual({ code: real.code, detail: real.detail })
    }
  })

  it('connected to nothing', () => {
    expect(connections).toBe(0)
  })
})
