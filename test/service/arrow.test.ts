import { RecordBatchReader, type Table, tableFromIPC } from 'apache-arrow'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { arrowAsJson } from './arrow-as-json.ts'
import { type Service, startService, stopService } from './start-service.ts'

let service: Service
beforeAll(async () => {
  service = await startService({ ENGINES: '1', ENGINES_SHORT: '0', ENGINE_SPARES: '1' })
})
afterAll(() => stopService(service))

function ask(sql: string, more: { signal?: AbortSignal } = {}): Promise<Response> {
  return fetch(`${service.url}/v1/query?format=arrow`, {
    method: 'POST',
    headers: { authorization: `Bearer ${service.key}`, 'content-type': 'application/sql' },
    body: sql,
    ...more,
  })
}

async function read(sql: string): Promise<Table> {
  const response = await ask(sql)
  if (response.status !== 200) throw new Error(await response.text())
  return tableFromIPC(new Uint8Array(await response.arrayBuffer()))
}

/** The bytes up to where the connection was cut, and whether it was. */
async function readAll(response: Response): Promise<{ bytes: Buffer; cut: boolean }> {
  const chunks: Uint8Array[] = []
  try {
    for await (const chunk of response.body ?? []) chunks.push(chunk)
    return { bytes: Buffer.concat(chunks), cut: false }
  } catch {
    return { bytes: Buffer.concat(chunks), cut: true }
  }
}

const endMarker = 'ffffffff00000000'

describe('an Arrow stream', () => {
  it('has its type, its name and DuckLake’s snapshot in the head', async () => {
    const response = await ask('FROM rides')
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/vnd.apache.arrow.stream',
      'content-disposition': expect.stringMatching(/^attachment; filename="query-[0-9a-f-]+\.arrows"$/),
      'x-snapshot-id': '1',
    })
    const { bytes, cut } = await readAll(response)
    expect(cut).toBe(false)
    expect(bytes.subarray(-8).toString('hex')).toBe(endMarker)
    expect(tableFromIPC(bytes).numRows).toBe(500)
  })

  it('has each of DuckDB’s types in the one that fits', async () => {
    const { schema } = await read(`FROM (
      SELECT true AS bool, 1::TINYINT AS i8, 1::SMALLINT AS i16, 1 AS i32, 1::BIGINT AS i64, 1::UTINYINT AS u8, 1::USMALLINT AS u16,
        1::UINTEGER AS u32, 1::UBIGINT AS u64, 1::HUGEINT AS huge, 1::UHUGEINT AS uhuge, 1::FLOAT AS f, 1::DOUBLE AS d,
        1::DECIMAL(4, 1) AS d4, 1::DECIMAL(38, 10) AS d38, 'a' AS s, 'a'::BLOB AS b, '01'::BIT AS bits, DATE '2026-06-01' AS day,
        TIME '06:00' AS t, '06:00:00+01'::TIMETZ AS tz, '2026-06-01'::TIMESTAMP_S AS s0, '2026-06-01'::TIMESTAMP_MS AS s3,
        '2026-06-01'::TIMESTAMP AS s6, '2026-06-01'::TIMESTAMP_NS AS s9, '2026-06-01'::TIMESTAMPTZ AS stz, INTERVAL 1 DAY AS span,
        uuid() AS u, 'a'::ENUM('a', 'b') AS e, [1] AS l, [1, 2]::INTEGER[2] AS a, {'x': 1} AS st, MAP {'k': 1} AS m,
        union_value(n := 1) AS un, '{}'::JSON AS j, NULL AS nothing)`)
    expect(Object.fromEntries(schema.fields.map(({ name, type }) => [name, String(type)]))).toEqual({
      ...{ bool: 'Bool', i8: 'Int8', i16: 'Int16', i32: 'Int32', i64: 'Int64', u8: 'Uint8', u16: 'Uint16', u32: 'Uint32', u64: 'Uint64' },
      ...{ huge: 'Decimal[38e0]', uhuge: 'Utf8', f: 'Float32', d: 'Float64', d4: 'Decimal[4e+1]', d38: 'Decimal[38e+10]' },
      ...{ s: 'Utf8', b: 'Binary', bits: 'Utf8', day: 'Date32<DAY>', t: 'Time64<MICROSECOND>', tz: 'Utf8', s0: 'Timestamp<SECOND>' },
      ...{ s3: 'Timestamp<MILLISECOND>', s6: 'Timestamp<MICROSECOND>', s9: 'Timestamp<NANOSECOND>', stz: 'Timestamp<MICROSECOND, UTC>' },
      ...{ span: 'Interval<MONTH_DAY_NANO>', u: 'Utf8', e: 'Utf8', l: 'List<Int32>', a: 'FixedSizeList[2]<Int32>' },
      ...{ st: 'Struct<{x:Int32}>', m: 'Map<{key:Utf8, value:Int32}>', un: 'Utf8', j: 'Utf8', nothing: 'Int32' },
    })
  })

  it.each([
    ['plain', 'i::TINYINT, i::USMALLINT, i::INTEGER, i - 2500, i::UBIGINT, (i * 1e30)::HUGEINT, i::UHUGEINT, (i / 7)::FLOAT, i / 7'],
    ['of numbers', "'NaN'::DOUBLE, (-1)::DECIMAL(4, 1), -i::DECIMAL(9, 2), (i - 2500)::DECIMAL(18, 3), -(i * 1e20)::DECIMAL(38, 4)"],
    ['of truth', 'i % 3 = 0, CASE WHEN i % 2 = 0 THEN i % 4 = 0 END'],
    ['of text', "'ü' || i, repeat('abc', i::INTEGER % 40), '', ('b' || i)::BLOB, uuid_of(i), ('e' || i % 2)::ENUM('e0', 'e1')"],
    [
      'of text of all lengths',
      "CASE i % 4 WHEN 0 THEN NULL WHEN 1 THEN 'short' WHEN 2 THEN 'of middle length ' || i ELSE repeat('long', 40) END",
    ],
    ['of time', "DATE '1969-12-01' + i::INTEGER, TIME '00:00' + INTERVAL (i * 7) SECOND, '06:00:00+01'::TIMETZ, TIME '06:00:00.5'"],
    [
      'of time',
      "TIMESTAMP '1969-12-31 23:59:59.123456' + INTERVAL (i) MINUTE, make_timestamptz(i * 1000001), make_timestamp(i)::TIMESTAMP_S",
    ],
    ['of time', 'make_timestamp(i * 1000)::TIMESTAMP_MS, make_timestamp_ns((i * 10 + 1) * 1000)'],
    ['that are nested', "[i, NULL, i + 1], CASE WHEN i % 5 > 0 THEN range(i % 5) END, [['a' || i], NULL, []], [{'x': [i]}]"],
    [
      'that are nested',
      "CASE WHEN i % 3 > 0 THEN {'x': i, 'y': CASE WHEN i % 2 = 0 THEN 'text ' || i END} END, {'u': uuid_of(i), 'd': 1.5}",
    ],
    [
      'that are nested',
      "MAP {'k' || i: i, 'm': NULL}, CASE WHEN i % 3 > 0 THEN MAP {i: [i]} END, [i, NULL]::INTEGER[2], (CASE WHEN i % 3 > 0 THEN ['a' || i, 'b'] END)::VARCHAR[2]",
    ],
    ['that Arrow has no type for', "union_value(n := i), '101'::BIT, '{\"a\": 1}'::JSON, [uuid_of(i)], MAP {uuid_of(i): 1}, NULL"],
  ])('has the values that JSON has: %s', async (_, values) => {
    const texts = values.replaceAll(/uuid_of\(i\)/g, "('00000000-0000-0000-0000-' || lpad(i::VARCHAR, 12, '0'))::UUID")
    // Twice the size of DuckDB's vectors, and a half.
    const every = texts.replaceAll('i::TINYINT', '(i % 100)::TINYINT')
    const sql = `SELECT ${every} FROM range(5000) AS t(i) ORDER BY i`
    const { body } = await service.query({ sql })
    const table = await read(sql)
    expect(body.rows).toHaveLength(5_000)
    expect(arrowAsJson(table)).toEqual(body.rows)
  })

  it('has months, days and nanoseconds of an INTERVAL, and says so when they are too many', async () => {
    const table = await read('SELECT INTERVAL 14 MONTH + INTERVAL 3 DAY + INTERVAL 5 SECOND AS span')
    const [months, days, low, high] = table.getChildAt(0)?.get(0) ?? []
    expect([months, days, high * 2 ** 32 + (low >>> 0)]).toEqual([14, 3, 5e9])
    await expect(read("SELECT '9000000 hours'::INTERVAL AS span")).rejects.toThrow()
  })

  it('has the values of rows under NULL of nobody: they are zeros', async () => {
    const sql =
      "SELECT CASE WHEN i % 2 = 0 THEN hash(i) END AS h, CASE WHEN i % 2 = 0 THEN 'secret of many letters' || i END FROM range(4000) AS t(i)"
    const table = await read(sql)
    const hashes = table.getChildAt(0)?.data.flatMap(({ values }) => [...values]) ?? []
    expect(hashes.filter((_, row) => row % 2 === 1)).toEqual(Array.from({ length: 2_000 }, () => 0n))
    expect(table.getChildAt(1)?.nullCount).toBe(2_000)
  })

  it('keeps names that come twice, and the schema of a result without rows', async () => {
    const { bytes } = await readAll(await ask("SELECT 1 AS n, 'a' AS n WHERE false"))
    const reader = RecordBatchReader.from(bytes).open()
    expect(reader.schema.fields.map(field => String(field))).toEqual(['n: Int32', 'n: Utf8'])
    expect([...reader].map(batch => batch.numRows)).toEqual([0])
  })

  it('has texts of every length, also where they fill a batch by themselves', async () => {
    const sql = 'SELECT i, repeat(chr(97 + i::INTEGER % 26), (i * 997)::INTEGER % 200000) AS s FROM range(300) AS t(i) ORDER BY i'
    const table = await read(sql)
    const texts = [...(table.getChildAt(1) ?? [])]
    expect(texts).toHaveLength(300)
    expect(texts.every((text, i) => text === String.fromCharCode(97 + (i % 26)).repeat((i * 997) % 200_000))).toBe(true)
  })

  it('has a million rows in the order of ORDER BY, as parameters and filters leave them', async () => {
    const sql = "SELECT i, 'row number ' || i AS s FROM range(1100000) AS t(i) WHERE i % 11 > 0 ORDER BY i DESC"
    const table = await read(sql)
    const numbers: bigint[] = [...(table.getChildAt(0) ?? [])]
    expect(numbers).toHaveLength(1_000_000)
    expect(numbers.every((number, row) => row === 0 || number < (numbers[row - 1] ?? 0n))).toBe(true)
    expect(numbers.reduce((sum, number) => sum + number, 0n)).toBe(550_000_000_000n)
    const texts = [...(table.getChildAt(1) ?? [])]
    expect(texts.every((text, row) => text === `row number ${numbers[row]}`)).toBe(true)
  })
})

describe('texts that DuckDB took from all over its memory', () => {
  it('are those of their rows', async () => {
    const names = "SELECT 'name of customer ' || i AS name, 'n' || i AS short, i FROM range(300000) AS t(i)"
    const sql = `SELECT a.name, b.short, max(b.name), a.i FROM (${names}) a JOIN (${names}) b ON a.i = 299999 - b.i WHERE a.i % 3 > 0 GROUP BY ALL`
    const table = await read(sql)
    expect(table.numRows).toBe(200_000)
    const [name, short, last, i] = [0, 1, 2, 3].map(column => [...(table.getChildAt(column) ?? [])])
    const wrong = (i ?? []).filter((number, row) => {
      const other = 299_999n - number
      return name?.[row] !== `name of customer ${number}` || short?.[row] !== `n${other}` || last?.[row] !== `name of customer ${other}`
    })
    expect(wrong).toEqual([])
  })
})

describe('an Arrow stream that fails', () => {
  it('before its first byte is an ordinary error', async () => {
    const response = await ask("SELECT CASE WHEN i = 5000 THEN 'x' ELSE '1' END::INTEGER AS n FROM range(3000000) AS t(i)")
    expect({ status: response.status, ...JSON.parse(await response.text()) }).toMatchObject({
      status: 422,
      code: 'queryFailed',
      detail: expect.stringContaining("'x'"),
    })
  })

  it('half-way is cut, and has no end marker; the engine goes on', async () => {
    const sql = "SELECT i, CASE WHEN i = 2500000 THEN 'x' ELSE '1' END::INTEGER AS n FROM range(3000000) AS t(i)"
    const { bytes, cut } = await readAll(await ask(sql))
    expect(cut).toBe(true)
    expect(bytes.length).toBeGreaterThan(1_000_000)
    expect(bytes.subarray(-8).toString('hex')).not.toBe(endMarker)
    expect((await service.query('SELECT 1')).body.rows).toEqual([[1]])
  })
})

describe('a caller that hangs up', () => {
  it('ends the statement that waits for its reader, and the engine takes the next at once', async () => {
    for (const reads of [1, 50]) {
      const gone = new AbortController()
      const response = await ask('SELECT i, hash(i) FROM range(100000000000) AS t(i)', { signal: gone.signal })
      const reader = response.body?.getReader()
      for (let read = 0; read < reads; read += 1) await reader?.read()
      // Pipe and socket are full by now.
      await new Promise(resolve => setTimeout(resolve, 300))
      gone.abort()
      const started = performance.now()
      expect((await service.query('SELECT 1')).body.rows).toEqual([[1]])
      expect(performance.now() - started).toBeLessThan(1_000)
    }
  })
})
