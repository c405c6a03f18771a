import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSource } from '../../service/engine/ingest/open-source.ts'
import { columns, openWriterEngine, refusal, type WriterEngine } from './writer-engine.ts'

let engine: WriterEngine
beforeAll(async () => {
  engine = await openWriterEngine()
})
afterAll(() => engine.close())

describe('CSV', () => {
  it('is read by the names of its columns, whatever separates them', async () => {
    expect(await engine.load('csv', 'B;a\nx;1\n;2\n', 'a INTEGER, b VARCHAR, c DATE')).toMatchObject({
      rows: [
        ['x', 1],
        [null, 2],
      ],
    })
    expect(await engine.load('csv', '"a.b","c""d","😀"\r\n1,"two\nlines",3\r\n', 'a.b INTEGER, c"d VARCHAR, 😀 INTEGER')).toMatchObject({
      rows: [[1, 'two\nlines', 3]],
    })
    expect(await engine.load('csv', '1|x\n2|y\n', 'a INTEGER, b VARCHAR', { header: false, delimiter: '|' })).toMatchObject({
      rows: [
        [1, 'x'],
        [2, 'y'],
      ],
    })
    expect(await engine.load('csv', 'a,b\n#1,2\n', 'a VARCHAR, b INTEGER')).toMatchObject({ rows: [['#1', 2]] })
    expect(await engine.load('csv', 'a,b\n', 'a INTEGER, b VARCHAR')).toMatchObject({ rows: [] })
  })

  it('says the line of a wrong type, also behind texts with line breaks and at line 100,001', async () => {
    const lines = Array.from({ length: 120_000 }, (_, index) => `${index},name ${index},2026-01-01`)
    lines[5] = '5,"two\nlines",2026-01-01'
    lines[99_998] = 'oops,"x",2026-01-01'
    lines[110_000] = '7,x,yesterday'
    const { rejects } = await engine.load('csv', `i,n,d\n${lines.join('\n')}\n`, 'i INTEGER, n VARCHAR, d DATE')
    expect(rejects).toEqual({
      count: 2,
      first: [
        { line: 100_001, column: 'i', value: 'oops', reason: 'is not a valid INTEGER' },
        { line: 110_003, column: 'd', value: 'yesterday', reason: 'is not a valid DATE' },
      ],
    })
  })

  it('says which rows have too few or too many columns', async () => {
    expect(await engine.load('csv', 'a,b,c\n1,2,3\n4,5\n6,7,8,9\n10,11,12\n', 'a INTEGER, b INTEGER, c INTEGER')).toEqual({
      rows: [
        [1, 2, 3],
        [10, 11, 12],
      ],
      rejects: {
        count: 2,
        first: [
          { line: 3, column: 'c', value: '4,5', reason: 'has 2 columns, 3 are expected' },
          { line: 4, value: '6,7,8,9', reason: 'has 4 columns, 3 are expected' },
        ],
      },
    })
  })

  it('says which line is not UTF-8, and which quote does not end', async () => {
    const mixed = Buffer.concat([Buffer.from('a,b\n1,x\n2,'), Buffer.from([0xe9, 0xff]), Buffer.from('\n3,é\n')])
    expect(await engine.load('csv', mixed, 'a INTEGER, b VARCHAR')).toMatchObject({
      rows: [
        [1, 'x'],
        [3, 'é'],
      ],
      rejects: { count: 1, first: [{ line: 3, column: 'b', reason: 'is not UTF-8' }] },
    })
    expect(await engine.load('csv', 'a,b\n1,x\n2,"abc\n3,z\n', 'a INTEGER, b VARCHAR')).toMatchObject({
      rejects: { first: [{ line: 3, reason: 'has a quote that does not end, or text behind its end' }] },
    })
  })

  it('says the line of a value that is missing', async () => {
    const opened = await openSource(engine.duckdb, { format: 'csv', paths: [engine.fileOf('a,b\n1,"x\ny ""z"""\n\n,y\n')] })
    expect(await opened.findRejects(columns('a INTEGER!, b VARCHAR'), 20)).toEqual({
      total: 2,
      count: 1,
      first: [{ line: 5, column: 'a', reason: 'must not be NULL' }],
    })
  })

  it('counts every reject and tells the first', async () => {
    const bad = Array.from({ length: 200_000 }, (_, index) => `x${index},y`).join('\n')
    const { rejects } = await engine.load('csv', `a,b\n1,ok\n${bad}\n`, 'a INTEGER, b VARCHAR')
    expect(rejects).toMatchObject({ count: 200_000, first: Array.from({ length: 20 }, (_, index) => ({ line: index + 3 })) })
  })

  it.each([
    ['nothing', '', 'The data is empty'],
    ['the same column twice', 'a,b,A\n1,2,3\n', 'Columns 1 and 3 of the data are both named "A"'],
    ['a column without a name', 'a,,c\n1,2,3\n', 'Column 2 of the data has no name.'],
    ['a column that the table does not have', 'a,bb\n1,2\n', /^The table has no "bb": .*Its columns are "a", "b"\.$/],
    ['no column that must be there', 'a\n1\n', 'The data has no "b", which must not be NULL.'],
    [
      '10,000 columns',
      `${Array.from({ length: 10_000 }, (_, index) => `c${index}`).join(',')}\n`,
      'The data has 10000 columns, 1600 are allowed: the first beyond is "c1600".',
    ],
  ])('is refused with %s', async (_, data, detail) => {
    await expect(engine.load('csv', data, 'a INTEGER, b INTEGER!')).rejects.toMatchObject(refusal(detail))
  })
})
