import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSource } from '../../service/engine/ingest/open-source.ts'
import { temporaryFolder } from './run-service.ts'
import { openWriterEngine, refusal, type WriterEngine } from './writer-engine.ts'

let engine: WriterEngine
let outside: DuckDBConnection
beforeAll(async () => {
  engine = await openWriterEngine()
  outside = await (await DuckDBInstance.create(':memory:')).connect()
})
afterAll(() => engine.close())

describe('Parquet', () => {
  const parquet = async (sql: string): Promise<Buffer> => {
    const path = join(temporaryFolder(), 'a.parquet')
    await outside.run(`COPY (${sql}) TO '${path}'`)
    return readFileSync(path)
  }

  it('is read by the names of its columns', async () => {
    const data = await parquet(`SELECT i::INTEGER AS "B", 'x' AS a, DATE '2026-01-01' + i::INTEGER AS d FROM range(2) AS t(i)`)
    expect(await engine.load('parquet', data, 'a VARCHAR, b BIGINT, d DATE, e DATE')).toMatchObject({
      rows: [
        ['0', 'x', '2026-01-01'],
        ['1', 'x', '2026-01-02'],
      ],
    })
  })

  it('says which row does not fit, also if it would only be rounded or has a NUL', async () => {
    const data = await parquet(
      `SELECT * FROM (VALUES ('1', 1.0::DOUBLE, 'a'), ('x', 2.5, 'b'), ('3', 3, 'c' || chr(0)), (NULL, 4, 'd')) AS t(i, d, n)`,
    )
    expect(await engine.load('parquet', data, 'i INTEGER!, d INTEGER, n VARCHAR')).toEqual({
      rows: [[1, 1, 'a']],
      rejects: {
        count: 3,
        first: [
          { line: 2, column: 'i', value: 'x', reason: 'is not a valid INTEGER' },
          { line: 2, column: 'd', value: '2.5', reason: 'is not a valid INTEGER' },
          { line: 3, column: 'n', value: 'c\0', reason: 'holds a NUL character' },
          { line: 4, column: 'i', reason: 'must not be NULL' },
        ],
      },
    })
  })

  it('is refused if its footer lies about its rows', async () => {
    const data = await parquet(`SELECT i, 'n' || i AS n FROM range(1000) AS t(i)`)
    const footer = data.length - 8 - data.readUInt32LE(data.length - 8)
    // 1,000 as Thrift writes it, in place of it 104 or 2,024.
    const changed = (low: number, times: number) => {
      const copy = Buffer.from(data)
      let at = footer
      for (let done = 0; done < times; done += 1) {
        at = copy.indexOf(Buffer.from([0xd0, 0x0f]), at)
        if (at < 0) break
        copy[at + 1] = low
        at += 2
      }
      return copy
    }
    await expect(engine.load('parquet', changed(0x1f, 1), 'i BIGINT, n VARCHAR')).rejects.toMatchObject(
      refusal('The footer says 2024 rows, its row groups 1000.'),
    )
    await expect(engine.load('parquet', changed(0x1f, 9), 'i BIGINT, n VARCHAR')).rejects.toMatchObject(
      refusal('Row group 0, column "i": the footer says 2024 values, its pages hold 1000.'),
    )
    await expect(engine.load('parquet', changed(0x01, 9), 'i BIGINT, n VARCHAR')).rejects.toMatchObject(
      refusal('the footer says 104 values, its pages hold 1000.'),
    )
    expect(await engine.load('parquet', data, 'i BIGINT, n VARCHAR')).toMatchObject({ rejects: undefined })
  })

  it.each([
    ['a name with a comma', 'SELECT i AS "a, b" FROM range(1000) AS t(i)', '"a, b" BIGINT'],
    ['a structure', 'SELECT {i: i} AS s FROM range(1000) AS t(i)', 's STRUCT(i BIGINT)'],
  ])('is refused if its footer lies about the rows of %s, but not about the values', async (_, sql, target) => {
    const data = await parquet(sql)
    const footer = data.length - 8 - data.readUInt32LE(data.length - 8)
    const said = Buffer.from([0xd0, 0x0f])
    const ofFile = data.indexOf(said, footer)
    const ofGroup = data.lastIndexOf(said)
    for (const at of [ofFile, ofGroup]) data[at + 1] = 0x1f
    await expect(engine.load('parquet', data, target)).rejects.toMatchObject(refusal('the footer says 2024 values, its pages hold 1000.'))
  })

  it.each([
    ['nothing', () => Buffer.alloc(0), 'too small to be a Parquet file'],
    ['text', () => Buffer.from('hello, this is a text and no Parquet'), 'No magic bytes found at end'],
    ['no end', (data: Buffer) => data.subarray(0, data.length - 20), 'No magic bytes found at end'],
    [
      'a footer of a wrong length',
      (data: Buffer) => Buffer.concat([data.subarray(0, -8), Buffer.from([255, 255, 255, 127]), Buffer.from('PAR1')]),
      'Footer length error',
    ],
    ['a footer of noise', (data: Buffer) => Buffer.concat([data.subarray(0, -60), Buffer.alloc(52, 255), data.subarray(-8)]), /./],
    [
      'pages of noise',
      (data: Buffer) => Buffer.concat([data.subarray(0, 4), Buffer.alloc(40, 255), data.subarray(44)]),
      /the header of the page at byte 4 cannot be read|pages hold/,
    ],
  ])('is refused with %s', async (_, change, detail) => {
    const data = await parquet('SELECT i FROM range(1000) AS t(i)')
    await expect(engine.load('parquet', change(data), 'i BIGINT')).rejects.toMatchObject(refusal(detail))
  })

  it('of many pages, lists and compressions is let through', async () => {
    for (const compression of ['snappy', 'zstd', 'gzip', 'uncompressed']) {
      const path = join(temporaryFolder(), 'a.parquet')
      await outside.run(
        `COPY (SELECT i, [i, i + 1] AS l, {'a': i, 'b': [{'c': i}]} AS s, 'text ' || (i % 7) AS t, NULL::INTEGER AS n FROM range(300000) AS t(i)) TO '${path}' (COMPRESSION ${compression}, PARQUET_VERSION ${compression === 'zstd' ? 'v2' : 'v1'})`,
      )
      const opened = await openSource(engine.duckdb, { format: 'parquet', paths: [engine.fileOf(readFileSync(path))] })
      const [[count] = []] = (await engine.duckdb.runAndReadAll(`SELECT count(*) FROM (${opened.strictSql(opened.columns)})`)).getRows()
      expect(count).toBe(300_000n)
    }
  })
})
