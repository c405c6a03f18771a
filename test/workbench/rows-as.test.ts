import { describe, expect, it } from 'vitest'
import { rowsAs } from '../../service/workbench/format/rows-as.ts'

const columns = [
  { name: 'n', type: 'HUGEINT' },
  { name: 'Text', type: 'VARCHAR' },
  { name: 'n', type: 'INTEGER[]' },
]
const rows = [
  ['170141183460469231731687303715884105727', 'it\'s "so"\n| *', [1, null]],
  [null, '', null],
]

describe('rows as text', () => {
  it.each([
    ['tsv', 'n\tText\tn\n170141183460469231731687303715884105727\t"it\'s ""so""\n| *"\t[1,null]\n\t\t'],
    ['csv', 'n,Text,n\n170141183460469231731687303715884105727,"it\'s ""so""\n| *","[1,null]"\n,"",'],
    [
      'markdown',
      '| n | Text | n |\n| ---: | --- | --- |\n| 170141183460469231731687303715884105727 | it\'s "so"<br>\\| \\* | \\[1,null\\] |\n| NULL |  | NULL |',
    ],
    [
      'insert',
      `INSERT INTO my_table (n, "Text", n) VALUES\n  (170141183460469231731687303715884105727, 'it''s "so"\n| *', '[1,null]'::JSON::INTEGER[]),\n  (NULL, '', NULL);`,
    ],
  ] as const)('as %s', (format, text) => {
    expect(rowsAs(format, columns, rows, true)).toBe(text)
  })

  it('as JSON keep names that come twice, and every digit', () => {
    expect(JSON.parse(rowsAs('json', columns, rows, true))).toEqual([
      { n: '170141183460469231731687303715884105727', Text: 'it\'s "so"\n| *', n_2: [1, null] },
      { n: null, Text: '', n_2: null },
    ])
  })

  it('as INSERT only where they lead back to the same value', () => {
    const values = [['NaN', 'AQI=', 'true']]
    const types = ['DOUBLE', 'BLOB', 'BOOLEAN'].map((type, index) => ({ name: `c${index}`, type }))
    expect(rowsAs('insert', types, values, true)).toContain("('NaN'::DOUBLE, from_base64('AQI='), 'true')")
    expect(() => rowsAs('insert', [{ name: 'm', type: 'MAP(VARCHAR, BLOB)' }], [], true)).toThrow('take Parquet')
  })
})
