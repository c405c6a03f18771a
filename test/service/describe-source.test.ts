import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeSource, typeNamed } from '../../service/engine/ingest/describe-source.ts'
import { openSource } from '../../service/engine/ingest/open-source.ts'
import { openWriterEngine, refusal, type WriterEngine } from './writer-engine.ts'

let engine: WriterEngine
beforeAll(async () => {
  engine = await openWriterEngine()
})
afterAll(() => engine.close())

describe('a description', () => {
  it('has the columns as their values look, and the first rows', async () => {
    const path = engine.fileOf('i,d,n\n1,2026-01-01,x\n2,2026-01-02,\n')
    expect(await describeSource(engine.duckdb, { format: 'csv', paths: [path] }, 1)).toEqual({
      columns: [
        { name: 'i', type: 'BIGINT' },
        { name: 'd', type: 'DATE' },
        { name: 'n', type: 'VARCHAR' },
      ],
      rows: [['1', '2026-01-01', 'x']],
      dialect: expect.objectContaining({ delimiter: ',', quoteMark: '"', header: true }),
    })
    expect(await describeSource(engine.duckdb, { format: 'ndjson', paths: [engine.fileOf('{"a":1,"b":[{"c":"x"}]}\n')] }, 1)).toEqual({
      columns: [
        { name: 'a', type: 'BIGINT' },
        { name: 'b', type: 'STRUCT(c VARCHAR)[]' },
      ],
      rows: [['1', [{ c: 'x' }]]],
    })
  })

  it('shows no more of long rows than is good for whoever holds them', async () => {
    const path = engine.fileOf('')
    await engine.duckdb.run(`COPY (SELECT repeat('x', 1000000) AS bytes, i AS r FROM range(100) AS t(i)) TO '${path}' (FORMAT parquet)`)
    const { columns, rows } = await describeSource(engine.duckdb, { format: 'parquet', paths: [path] }, 100)
    expect(columns).toEqual([
      { name: 'bytes', type: 'VARCHAR' },
      { name: 'r', type: 'BIGINT' },
    ])
    expect(rows.map(([, i]) => i)).toEqual(['0', '1', '2', '3'])
  })

  it('of the whole file knows a type that only its last line shows', async () => {
    const path = engine.fileOf(`i\n${'1\n'.repeat(30_000)}1.5\n`)
    const typeOf = async (whole: boolean) =>
      (await openSource(engine.duckdb, { format: 'csv', paths: [path] }, whole ? 'whole' : 'sample')).columns
    expect(await typeOf(false)).toEqual([{ name: 'i', type: 'BIGINT' }])
    expect(await typeOf(true)).toEqual([{ name: 'i', type: 'DOUBLE' }])
  })

  it('names types as DuckDB does, and no other', async () => {
    expect(await typeNamed(engine.duckdb, 'int')).toBe('INTEGER')
    expect(await typeNamed(engine.duckdb, 'STRUCT("a b" text[])')).toBe('STRUCT("a b" VARCHAR[])')
    for (const text of ['nothing', 'INTEGER); DROP TABLE x; --', "a'b", ''])
      await expect(typeNamed(engine.duckdb, text)).rejects.toMatchObject(refusal('There is no type'))
  })
})
