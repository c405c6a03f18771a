import { describe, expect, it } from 'vitest'
import { bytesOf, parquetOf, withFooter } from './parquet-files.ts'
import { plain, registeringLake } from './registering-lake.ts'

const { append, newTable, one, run, rowsOf } = registeringLake()

describe('a footer', () => {
  it.each([
    ['a greatest number', 'i::INTEGER', bytesOf(999), bytesOf(500), 'v > 900', '99'],
    ['a least number', 'i::INTEGER', bytesOf(0), bytesOf(300), 'v < 100', '100'],
    ['a greatest text', `'n' || (1000 + i)`, bytesOf('n1999'), bytesOf('n1500'), `v > 'n1900'`, '99'],
    ['a least day', `DATE '2026-01-01' + i::INTEGER`, bytesOf(20_454), bytesOf(20_854), `v < '2026-04-11'`, '100'],
  ])('that lies about %s hides no row', async (_, value, from, to, filter, count) => {
    const table = await newTable('v VARCHAR')
    const type = value.startsWith("'") ? 'VARCHAR' : value.startsWith('DATE') ? 'DATE' : 'INTEGER'
    await run(`CREATE OR REPLACE TABLE ${table} (v ${type})`)
    const data = await parquetOf(`SELECT ${value} AS v FROM range(1000) AS r(i)`)
    expect(await append(table, withFooter(data, from, to))).toMatchObject({
      registered: false,
      rewrittenBecause: 'column "v" holds values outside of the bounds that the footer says, in row group 0',
    })
    expect(await one(`SELECT count(*) FROM ${table} WHERE ${filter}`)).toBe(count)
    // So the test can fail: its sender vouches for it, and the rows are hidden.
    expect(await append(table, withFooter(data, from, to), { mode: 'replace', register: { trust: 'trusted', minBytes: 0 } })).toMatchObject(
      {
        registered: true,
      },
    )
    expect(await one(`SELECT count(*) FROM ${table} WHERE ${filter}`)).toBe('0')
  })

  const nan = async (writer: string) => {
    const data = await parquetOf(
      'SELECT i::DOUBLE AS d FROM range(1000) AS r(i)',
      'FORMAT parquet, COMPRESSION uncompressed, PARQUET_VERSION v1, DICTIONARY_SIZE_LIMIT 1, WRITE_BLOOM_FILTER false',
    )
    const value = Buffer.alloc(8)
    value.writeDoubleLE(500)
    const changed = Buffer.from(data)
    changed.writeDoubleLE(Number.NaN, data.indexOf(value))
    return withFooter(changed, bytesOf('DuckDB version'), bytesOf(writer))
  }

  it.each(['checked', 'trusted'] as const)(
    'with bounds that leave NaN out, as most programs write them, is written anew (%s)',
    async trust => {
      const table = await newTable('d DOUBLE')
      expect(await append(table, await nan('arrows-version'), { register: { trust, minBytes: 0 } })).toMatchObject({ registered: false })
      expect(await rowsOf(`SELECT count(*) FROM ${table} WHERE d > 2000`)).toEqual([['1']])
    },
  )

  it.each(['checked', 'trusted'] as const)('with a NULL where none may be, or a NUL, has its rows refused (%s)', async trust => {
    const table = await newTable()
    const register = { trust, minBytes: 0 }
    const empty = await parquetOf(`SELECT CASE WHEN i <> 5 THEN i END::INTEGER AS id, 'n' || i AS name FROM range(1000) AS r(i)`)
    await expect(append(table, empty, { register })).rejects.toMatchObject({
      code: 'dataInvalid',
      detail: expect.stringContaining('must not be NULL'),
    })
    const nul = await parquetOf(`SELECT i::INTEGER AS id, 'a' || chr(0) || i AS name FROM range(1000) AS r(i)`)
    await expect(append(table, nul, { register })).rejects.toMatchObject({ code: 'dataInvalid', detail: expect.stringContaining('NUL') })
    expect(await one(`SELECT count(*) FROM ${table}`)).toBe('0')
  })

  it('that lies about the number of rows, is cut off or encrypted is refused', async () => {
    const table = await newTable()
    const data = await parquetOf(plain)
    const files = [
      data.subarray(0, -20),
      withFooter(data, Buffer.from([0xd0, 0x0f]), Buffer.from([0xd0, 0x1f])),
      await parquetOf(plain, `FORMAT parquet, ENCRYPTION_CONFIG {footer_key_value: '${Buffer.alloc(16).toString('base64')}'}`),
    ]
    for (const file of files) await expect(append(table, file)).rejects.toMatchObject({ code: 'dataInvalid' })
    expect(await one(`SELECT count(*) FROM ${table}`)).toBe('0')
  })
})
