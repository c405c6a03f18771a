import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSource } from '../../service/engine/ingest/open-source.ts'
import { columns, openWriterEngine, refusal, type WriterEngine } from './writer-engine.ts'

let engine: WriterEngine
beforeAll(async () => {
  engine = await openWriterEngine()
})
afterAll(() => engine.close())

describe('NDJSON', () => {
  it('is read by the names of its keys', async () => {
    const data = '{"a":1,"B":"x"}\n\n{"B":"y"}\r\n{"a":null,"B":"z"}'
    expect(await engine.load('ndjson', data, 'a INTEGER, b VARCHAR, c DATE')).toMatchObject({
      rows: [
        [1, 'x'],
        [null, 'y'],
        [null, 'z'],
      ],
    })
    expect(
      await engine.load('ndjson', '{"a.b":1,"c\\"d":[1,2],"e/f~":{"x":1}}', 'a.b BIGINT, c"d INTEGER[], e/f~ STRUCT(x INTEGER, y INTEGER)'),
    ).toMatchObject({
      rows: [['1', [1, 2], { x: 1, y: null }]],
    })
    expect(await engine.load('ndjson', '{"a":"aGk="}', 'a BLOB')).toMatchObject({ rows: [['hi']] })
  })

  it('of several files is one relation', async () => {
    const opened = await openSource(engine.duckdb, {
      format: 'ndjson',
      paths: [engine.fileOf('{"a":1}'), engine.fileOf('{"a":2,"b":"x"}\n')],
    })
    expect((await engine.duckdb.runAndReadAll(opened.strictSql(columns('a INTEGER, b VARCHAR')))).getRows()).toEqual([
      [1, null],
      [2, 'x'],
    ])
  })

  it('says which line and which value is wrong, counting blank lines', async () => {
    const data = Buffer.concat([
      Buffer.from('{"a":1,"b":"x"}\n\n{"a":"q","b":"x"}\n{"a":2,\n[1]\n   \n{"a":3,"a":4}\n{"a":5}\n{"a":6,"b":"'),
      Buffer.from([0xff]),
      Buffer.from('"}\n{"a":7,"b":"nul\\u0000"}\n'),
    ])
    expect(await engine.load('ndjson', data, 'a INTEGER, b VARCHAR!')).toEqual({
      rows: [[1, 'x']],
      rejects: {
        count: 7,
        first: [
          { line: 3, column: 'a', value: 'q', reason: 'is not a valid INTEGER' },
          { line: 4, value: '{"a":2,', reason: 'is not valid JSON, or null' },
          { line: 5, value: '[1]', reason: 'is not an object' },
          { line: 7, value: '{"a":3,"a":4}', reason: 'has the same key twice' },
          { line: 8, column: 'b', reason: 'must not be NULL' },
          { line: 9, value: expect.stringContaining('{"a":6'), reason: 'is not valid JSON, or null' },
          { line: 10, column: 'b', value: 'nul\0', reason: 'holds a NUL character' },
        ],
      },
    })
  })

  it('does not lose what lies in nested values', async () => {
    expect(
      await engine.load('ndjson', '{"s":{"x":1}}\n{"s":{"x":1,"z":2}}\n{"s":{"x":"q"}}\n{"s":5}\n', 's STRUCT(x INTEGER, y INTEGER)'),
    ).toMatchObject({
      rows: [[{ x: 1, y: null }]],
      rejects: { count: 3, first: [{ line: 2, column: 's', value: '{"x":1,"z":2}' }, { line: 3 }, { line: 4 }] },
    })
  })

  it.each([
    ['nothing', '', 'The data is empty'],
    ['a key that the table does not have, in the last line', '{"a":1}\n{"a":1,"zz":2}\n', 'The table has no "zz"'],
    ['keys that differ in case', '{"a":1}\n{"A":1}\n', /both named "[aA]"/],
    ['10,000 levels', `{"a":1}\n{"a":${'['.repeat(10_000)}${']'.repeat(10_000)}}\n`, 'Value 2 is nested more than 500 levels deep.'],
    [
      '10,000 keys',
      JSON.stringify(Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`c${index}`, 1]))),
      'The data has 10000 columns',
    ],
  ])('is refused with %s', async (_, data, detail) => {
    await expect(engine.load('ndjson', data, 'a JSON')).rejects.toMatchObject(refusal(detail))
  })
})

describe('a null in the place of an object', () => {
  it.each([
    ['ndjson', '{"a":1}\nnull\n', 'is not valid JSON, or null'],
    ['json', '[{"a":1},null]', 'is not an object'],
  ] as const)('is a row that is rejected in %s, and not one of NULLs', async (format, data, reason) => {
    expect(await engine.load(format, data, 'a INTEGER')).toMatchObject({
      rows: [[1]],
      rejects: { count: 1, first: [{ line: 2, reason }] },
    })
    const opened = await openSource(engine.duckdb, { format, paths: [engine.fileOf(data)] }, 'nothing')
    expect(() => opened.strictSql(columns('a INTEGER'))).toThrow(expect.objectContaining(refusal('no object')))
  })
})

describe('the depth of values', () => {
  const nested = (levels: number) => `{"a":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`
  const wide = `{"a":[${'[{"b":[]}],'.repeat(5_000)}"${'['.repeat(2_000)}\\"${'{'.repeat(2_000)}"]}`

  it('is found behind many values that have more brackets', async () => {
    const data = `${`${wide}\n`.repeat(20)}${nested(501)}\n`
    await expect(engine.load('ndjson', data, 'a JSON')).rejects.toMatchObject(refusal('Value 21 is nested more than 500 levels deep.'))
  })

  it('may be 500, and brackets in texts are none', async () => {
    const data = `${wide}\n{"a":"${'x'.repeat(1_000)}"}\n${nested(500)}\n`
    expect((await engine.load('ndjson', data, 'a JSON')).rows).toHaveLength(3)
  })
})

describe('JSON', () => {
  it('is an array of objects, or one object', async () => {
    expect(await engine.load('json', ' [{"a":1},\n{"a":2}]', 'a INTEGER')).toMatchObject({ rows: [[1], [2]] })
    expect(await engine.load('json', '{\n"a":1}\n', 'a INTEGER')).toMatchObject({ rows: [[1]] })
  })

  it('says which element is wrong', async () => {
    expect(await engine.load('json', '[{"a":1},{"a":"q"},5]', 'a INTEGER')).toEqual({
      rows: [[1]],
      rejects: {
        count: 2,
        first: [
          { line: 2, column: 'a', value: 'q', reason: 'is not a valid INTEGER' },
          { line: 3, value: '5', reason: 'is not an object' },
        ],
      },
    })
  })

  it.each([
    ['an end that is missing', '[{"a":1},\n{"a":2},{"a":3', 'in record/value 4: unexpected end of data.'],
    ['text behind it', '[{"a":1}] more', /unexpected character/],
    ['neither', '"text"', 'The data begins with """'],
    ['an empty array', '[]', 'The data is empty'],
    ['10,000 levels', `[{"a":${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}}]`, 'Value 1 is nested more than 500 levels deep.'],
  ])('is refused with %s', async (_, data, detail) => {
    await expect(engine.load('json', data, 'a JSON')).rejects.toMatchObject(refusal(detail))
  })
})
