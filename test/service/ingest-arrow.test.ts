import {
  Bool,
  type DataType,
  DateDay,
  DurationSecond,
  Field,
  FixedSizeList,
  Float64,
  Int32,
  List,
  Struct,
  Table,
  TimestampMicrosecond,
  tableFromArrays,
  tableToIPC,
  Utf8,
  vectorFromArray,
} from 'apache-arrow'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSource } from '../../service/engine/ingest/open-source.ts'
import { columns, openWriterEngine, refusal, type WriterEngine } from './writer-engine.ts'

let engine: WriterEngine
beforeAll(async () => {
  engine = await openWriterEngine()
})
afterAll(() => engine.close())

describe('Arrow', () => {
  const stream = (table: Table) => tableToIPC(table, 'stream')
  const oneColumn = (type: DataType, values: readonly unknown[]) => stream(new Table({ a: vectorFromArray([...values], type) }))

  it('is read, every type that a table can have', async () => {
    const data = stream(
      tableFromArrays({
        i: Int32Array.from([1, 2]),
        b: BigInt64Array.from([1n, 2n]),
        s: ['x', null],
        d: Float64Array.from([0.5, 1.5]),
        o: [true, null],
      }),
    )
    expect(await engine.load('arrow', data, 'o BOOLEAN, i INTEGER, b BIGINT, s VARCHAR, d DOUBLE')).toMatchObject({
      rows: [
        [1, '1', 'x', 0.5, true],
        [2, '2', null, 1.5, null],
      ],
    })
    expect(await engine.load('arrow', oneColumn(new DateDay(), [new Date('2026-01-01'), null]), 'a DATE')).toMatchObject({
      rows: [['2026-01-01'], [null]],
    })
    expect(
      await engine.load('arrow', oneColumn(new TimestampMicrosecond(), [Date.parse('2026-01-01T01:02:03.004Z')]), 'a TIMESTAMP'),
    ).toMatchObject({ rows: [['2026-01-01 01:02:03.004']] })
    expect(
      await engine.load('arrow', oneColumn(new List(new Field('item', new Int32())), [[1, 2], [], null]), 'a INTEGER[]'),
    ).toMatchObject({
      rows: [[[1, 2]], [[]], [null]],
    })
    expect(
      await engine.load('arrow', oneColumn(new FixedSizeList(2, new Field('item', new Int32())), [[1, 2]]), 'a INTEGER[2]'),
    ).toMatchObject({
      rows: [[[1, 2]]],
    })
    expect(
      await engine.load(
        'arrow',
        oneColumn(new Struct([new Field('x', new Utf8()), new Field('y', new Bool())]), [{ x: 'a', y: true }, null]),
        'a STRUCT(x VARCHAR, y BOOLEAN)',
      ),
    ).toMatchObject({ rows: [[{ x: 'a', y: true }], [null]] })
  })

  it('has the same rows as DuckDB in 5,000 of them', async () => {
    const data = stream(
      tableFromArrays({
        i: Int32Array.from({ length: 5_000 }, (_, index) => index),
        s: Array.from({ length: 5_000 }, (_, index) => `é${index}`),
      }),
    )
    const opened = await openSource(engine.duckdb, { format: 'arrow', paths: [engine.fileOf(data)] })
    const sum = `SELECT count(*), sum(i), count(DISTINCT s), min(s) FROM (${opened.strictSql(columns('i BIGINT, s VARCHAR'))})`
    expect((await engine.duckdb.runAndReadAll(sum)).getRows()).toEqual([[5_000n, 12_497_500n, 5_000n, 'é0']])
    await opened.close()
  })

  it('says which row does not fit', async () => {
    expect(await engine.load('arrow', oneColumn(new Float64(), [1, 2.5]), 'a INTEGER')).toEqual({
      rows: [[1]],
      rejects: { count: 1, first: [{ line: 2, column: 'a', value: '2.5', reason: 'is not a valid INTEGER' }] },
    })
  })

  it.each([
    ['nothing', Buffer.alloc(0), 'The data is empty'],
    ['text', Buffer.from('hello, this is a text and no Arrow'), 'there is no message of an Arrow stream'],
    [
      'an end that is missing',
      stream(tableFromArrays({ a: Int32Array.from({ length: 1_000 }, (_, i) => i) })).slice(0, 2_000),
      'The Arrow stream breaks off',
    ],
    [
      'a file in place of a stream',
      tableToIPC(tableFromArrays({ a: Int32Array.from([1]) }), 'file'),
      'Files of Arrow (Feather) are not taken',
    ],
    [
      'a type that DuckDB does not have',
      stream(new Table({ a: vectorFromArray([1n], new DurationSecond()) })),
      'Column "a" has Arrow\'s type Duration',
    ],
  ])('is refused with %s', async (_, data, detail) => {
    await expect(engine.load('arrow', data, 'a INTEGER')).rejects.toMatchObject(refusal(detail))
  })
})
