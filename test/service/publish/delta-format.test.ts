import { describe, expect, it } from 'vitest'
import { RoaringBitmap } from '../../../service/engine/publish/roaring-bitmap.ts'
import { openStore } from '../../../service/files/file-store.ts'
import { compareFiles } from '../../../service/publish/compare-files.ts'
import { inlineVector, z85 } from '../../../service/publish/deletion-vector.ts'
import { DeltaLog } from '../../../service/publish/delta-log.ts'
import { type LakeColumn, schemaString } from '../../../service/publish/delta-schema.ts'
import { statisticsText } from '../../../service/publish/file-statistics.ts'
import { fileUri } from '../../../service/publish/file-uri.ts'
import { addedFile } from '../../../service/publish/make-version.ts'
import { nameColumns } from '../../../service/publish/physical-names.ts'
import { removeLake, temporaryFolder } from '../run-service.ts'

describe('a bitmap of deleted rows', () => {
  const bitmapOf = (...positions: number[]) => {
    const bitmap = new RoaringBitmap()
    for (const position of positions) bitmap.add(position)
    return bitmap.serialize().toString('hex')
  }

  it('is as RoaringBitmap’s format says', () => {
    const head = 'd1d33964' // 1681511377
    const [one, none] = ['0100000000000000', '0000000000000000']
    const cookie = '3a300000'
    expect(bitmapOf()).toBe(head + none)
    // Key 0; one container of two numbers at 16.
    expect(bitmapOf(1, 3)).toBe(`${head}${one}00000000${cookie}01000000${'00000100'}${'10000000'}${'01000300'}`)
    // The upper 16 bits choose the container, the upper 32 the bitmap.
    expect(bitmapOf(65_536)).toBe(`${head}${one}00000000${cookie}01000000${'01000000'}${'10000000'}${'0000'}`)
    expect(bitmapOf(2 ** 32)).toBe(`${head}${one}01000000${cookie}01000000${'00000000'}${'10000000'}${'0000'}`)
  })

  it('becomes bits where a list would be longer', () => {
    const many = bitmapOf(...Array.from({ length: 4_097 }, (_, index) => index * 2))
    expect(many.slice(48, 56)).toBe('00000010')
    expect(many.slice(64)).toBe(`${'55'.repeat(1_024)}01${'00'.repeat(8_192 - 1_025)}`)
  })

  it('takes no position twice', () => {
    const bitmap = new RoaringBitmap()
    bitmap.add(5)
    expect(() => bitmap.add(5)).toThrow('5 does not come after 5')
  })

  it('stands in the log in the letters of Z85', () => {
    expect(z85(Buffer.from('864fd26fb559f75b', 'hex'))).toBe('HelloWorld')
    const bitmap = Buffer.from('864fd26fb559', 'hex').toString('base64')
    expect(inlineVector({ bitmap, cardinality: 1 })).toEqual({
      storageType: 'i',
      pathOrInlineDv: z85(Buffer.from('864fd26fb5590000', 'hex')),
      sizeInBytes: 6,
      cardinality: 1,
    })
  })
})

describe('columns', () => {
  const column = (id: number, name: string, type: string, parts: LakeColumn[] = [], firstName = name): LakeColumn => ({
    id,
    name,
    firstName,
    type,
    parts,
  })
  const schemaOf = (...columns: LakeColumn[]) => schemaString(columns, nameColumns({}, columns))
  const typesOf = (...columns: LakeColumn[]) => JSON.parse(schemaOf(...columns)).fields.map(({ type }: { type: unknown }) => type)

  it('have the types that Delta has for them', () => {
    const types = 'boolean int8 int16 int32 int64 uint8 uint16 uint32 uint64 float32 float64 decimal(18,3) varchar json blob uuid date'
    expect(typesOf(...types.split(' ').map((type, index) => column(index + 1, `c${index}`, type)))).toEqual(
      'boolean byte short integer long short integer long decimal(20,0) float double decimal(18,3) string string binary binary date'.split(
        ' ',
      ),
    )
    expect(typesOf(column(1, 'a', 'timestamp'), column(2, 'b', 'timestamptz'))).toEqual(['timestamp_ntz', 'timestamp'])
  })

  it('are nested as they are', () => {
    const parts = [column(2, 'x', 'int32'), column(3, 'y', 'list', [column(4, 'element', 'varchar')])]
    expect(
      typesOf(column(1, 's', 'struct', parts), column(5, 'm', 'map', [column(6, 'key', 'varchar'), column(7, 'value', 'date')])),
    ).toEqual([
      {
        type: 'struct',
        fields: [
          {
            name: 'x',
            type: 'integer',
            nullable: true,
            metadata: { 'delta.columnMapping.id': 2, 'delta.columnMapping.physicalName': 'x' },
          },
          expect.objectContaining({ name: 'y', type: { type: 'array', elementType: 'string', containsNull: true } }),
        ],
      },
      { type: 'map', keyType: 'string', valueType: 'date', valueContainsNull: true },
    ])
  })

  it.each([
    ['time', 'The column c is of type time, which is no type of Delta’s: use VARCHAR'],
    ['timestamp_ns', 'The column c is of type timestamp_ns, which is finer than Delta’s microseconds'],
    ['int128', 'reaches beyond Delta’s largest whole number'],
    ['interval', 'is no type of Delta’s'],
    ['geometry', 'The column c is of type geometry, which is no type of Delta’s. Name it in leaveOut'],
  ])('of type %s are refused by name', (type, detail) => {
    expect(() => schemaOf(column(1, 'c', type))).toThrow(detail)
  })

  it('are refused by name where a part of them was widened', () => {
    const wide = (id: number, name: string) => ({ ...column(id, name, 'int64'), fault: 'was narrower' })
    const map = column(5, 'm', 'map', [wide(6, 'key'), wide(7, 'value')])
    expect(() => schemaOf(column(1, 'l', 'list', [wide(2, 'element')]), column(3, 's', 'struct', [wide(4, 'x')]), map)).toThrow(
      /l\.element was narrower\. The column s\.x was narrower\. The column m\.key was narrower\. The column m\.value was narrower\. Name/,
    )
  })

  it('are all named that are at fault', () => {
    const faulty = { ...column(3, 'old', 'int64'), fault: 'was narrower' }
    const nested = column(1, 's', 'struct', [column(2, 't', 'time')])
    expect(() => schemaOf(nested, faulty)).toThrow(/The column s\.t is of type time.*\. The column old was narrower\. Name it/)
    expect(() => schemaOf()).toThrow('No column is left')
  })

  it('keep the name that they began with, and never get another’s', () => {
    const first = nameColumns({}, [column(1, 'a', 'int32'), column(2, 'b', 'struct', [column(3, 'a', 'int32')])])
    expect(first).toEqual({ 1: '/a', 2: '/b', 3: '2/a' })
    // The first was dropped, another has its name; one was renamed.
    expect(nameColumns(first, [column(2, 'c', 'int32', [], 'b'), column(4, 'a', 'int32')])).toEqual({ ...first, 4: '/a_4' })
  })

  it('have names that differ in more than upper and lower case, from each other and from those of columns that are gone', () => {
    expect(nameColumns({}, [column(1, 'c', 'int32', [], 'a'), column(3, 'A', 'int32')])).toEqual({ 1: '/a', 3: '/A_3' })
    expect(nameColumns({ 1: '/a', 2: '/A_3' }, [column(3, 'a', 'int32')])).toEqual({ 1: '/a', 2: '/A_3', 3: '/a_3_' })
    expect(nameColumns({}, [column(2, 'b', 'int32'), column(3, 'a', 'int32')], ['/a'])).toEqual({ 2: '/b', 3: '/a_3' })
  })
})

it('a version that is too large is refused, and not written', async () => {
  const folder = temporaryFolder()
  try {
    const log = new DeltaLog(await openStore(folder), 'main/t/', 100)
    await expect(log.write(0, [{ add: 'x'.repeat(100) }])).rejects.toThrow(/would have 111 bytes in 1 lines, .* 100 at most: .*compact/)
    expect(await log.has(0)).toBe(false)
    expect(await log.write(0, [{ add: 'ä' }, { add: 'b' }])).toEqual({ written: true, bytes: 25 })
  } finally {
    removeLake(folder)
  }
})

describe('statistics', () => {
  it('are of the first 32 columns', () => {
    const all = Array.from({ length: 40 }, (_, index) => index + 1)
    const columns = all.map(id => ({ id, name: `c${id}`, firstName: `c${id}`, type: 'int32', parts: [] }))
    const statistics = all.map(columnId => ({ columnId, nullCount: 0, min: '1', max: '2', containsNan: null }))
    const file = { dataFileId: '1', deleteFileId: null, path: '/a', deletePath: null, bytes: 1, rowCount: 1, statistics }
    const { nullCount, maxValues } = JSON.parse(addedFile(file, columns, nameColumns({}, columns), 1, undefined).stats)
    expect([Object.keys(nullCount).length, Object.keys(maxValues).at(-1)]).toEqual([32, 'c32'])
  })

  const types = new Map(
    Object.entries({
      1: 'long',
      2: 'string',
      3: 'double',
      4: 'timestamp_ntz',
      5: 'timestamp',
      6: 'decimal(38,2)',
      7: 'date',
      8: 'array',
    }).map(([id, type]) => [Number(id), type]),
  ) // prettier-ignore
  const names = Object.fromEntries([...types.keys()].map(id => [id, `/c${id}`]))
  const boundsOf = (columnId: number, min: string | null, max: string | null, containsNan: boolean | null = null) => {
    const parsed = JSON.parse(statisticsText(3, [{ columnId, nullCount: 1, min, max, containsNan }], types, names, false))
    return [parsed.minValues[`c${columnId}`], parsed.maxValues[`c${columnId}`]]
  }

  it('keep every digit', () => {
    const columns = [
      { columnId: 1, nullCount: 0, min: '-9223372036854775808', max: '9223372036854775807', containsNan: null },
      { columnId: 6, nullCount: null, min: '0.10', max: '123456789012345678901234567890.10', containsNan: null },
      { columnId: 99, nullCount: 0, min: '1', max: '2', containsNan: null },
    ]
    expect(statisticsText(7, columns, types, names, true)).toBe(
      '{"numRecords":7,"minValues":{"c1":-9223372036854775808,"c6":0.10},"maxValues":{"c1":9223372036854775807,"c6":123456789012345678901234567890.10},"nullCount":{"c1":0},"tightBounds":false}',
    )
  })

  it('never say more than is so', () => {
    expect(boundsOf(4, '2024-01-01 00:00:00.123456', '2024-01-01 00:00:00.123456')).toEqual([
      '2024-01-01T00:00:00.123',
      '2024-01-01T00:00:00.124',
    ])
    expect(boundsOf(5, '2024-01-01 00:00:00+00', '2024-01-01 00:00:00.5+00')).toEqual([
      '2024-01-01T00:00:00.000Z',
      '2024-01-01T00:00:00.500Z',
    ])
    expect(boundsOf(5, '2024-01-01 00:00:00', 'infinity')).toEqual([undefined, undefined])
    expect(boundsOf(3, '-1.5', '2', true)).toEqual([undefined, undefined])
    expect(boundsOf(3, '-1.5', 'inf', false)).toEqual([-1.5, undefined])
    expect(boundsOf(3, '-0', '0', false)).toEqual([undefined, undefined])
    expect(boundsOf(7, '0044-03-15 (BC)', '2024-02-29')).toEqual([undefined, '2024-02-29'])
    expect(boundsOf(2, '"', 'z'.repeat(65))).toEqual(['"', undefined])
    expect(boundsOf(8, '1', '2')).toEqual([undefined, undefined])
    expect(boundsOf(1, null, null)).toEqual([undefined, undefined])
  })
})

it('a file is named by a URI', () => {
  expect(fileUri('s3://lake/data/main/t/s=a%20b/x.parquet')).toBe('s3a://lake/data/main/t/s=a%2520b/x.parquet')
  expect(fileUri('/srv/my lake/#1/ä.parquet')).toBe('file:///srv/my%20lake/%231/%C3%A4.parquet')
})

it('files with other deletions are taken away and added again', () => {
  const file = (dataFileId: string, deleteFileId: string | null = null) => ({ dataFileId, deleteFileId })
  expect(compareFiles([file('1'), file('2'), file('3')], [file('2', '7'), file('3'), file('4')])).toEqual({
    added: ['2', '4'],
    removed: ['1', '2'],
  })
})
