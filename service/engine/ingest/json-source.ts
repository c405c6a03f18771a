import { open } from 'node:fs/promises'
import type { DuckDBConnection } from '@duckdb/node-api'
import { quote, quoteName } from '../../catalog/quote.ts'
import { ServiceError } from '../../errors.ts'
import type { Column } from '../messages.ts'
import { readingData } from './data-error.ts'
import { describedColumns } from './described-columns.ts'
import { assertNotTooDeep } from './json-depth.ts'
import { findLines } from './line-numbers.ts'
import { assertColumns, type Match, matchColumns } from './match-columns.ts'
import { acceptedRows, type Cell, findRowRejects, type Rows, withoutNul } from './row-rejects.ts'
import { maxJsonBytes, type Opener, type OpenSource, type Source, type TargetColumn } from './source.ts'

/** How deep inferred types go; what lies deeper stays JSON. */
const typeDepth = 16

/** NDJSON, an array of objects, or one object. */
export const openJson: Opener = async (connection, source, inference) => {
  const layout = await layoutOf(source)
  const read = (options: string) =>
    `read_json([${source.paths.map(quote).join(', ')}], format = '${layout}', maximum_object_size = ${maxJsonBytes}, ${options})`
  // Of NDJSON a broken line is one row that is rejected; a broken array has no rows.
  const lenient = layout === 'newline_delimited' ? ', ignore_errors = true' : ''
  const nothing = lenient ? 'is not valid JSON, or null' : 'is not an object'
  const isOne = source.paths.length === 1
  const [named, filename] = isOne ? ['', ''] : [', filename', ', filename = true']
  const values = `SELECT row_number() OVER () AS line, json${named} FROM ${read(`records = false, columns = {'json': 'JSON'}${lenient}${filename}`)}`
  const { names, longest, rowsOf: rows, others } = await readingData(() => keysOf(connection, values, isOne ? 'NULL' : 'filename'))
  await readingData(() => assertNotTooDeep(connection, values, longest))
  const infer = (sample: number) =>
    readingData(async () => {
      const options = `sample_size = ${sample}, maximum_depth = ${typeDepth}, map_inference_threshold = -1${lenient}`
      return new Map((await describedColumns(connection, read(options))).map(({ name, type }) => [name, type]))
    })
  let types = inference === 'nothing' ? new Map<string, string>() : await infer(inference === 'whole' ? -1 : sampleRows)
  // A key that first comes after the sample.
  if (inference === 'sample' && names.some(name => !types.has(name))) types = await infer(-1)
  const inOrder = [...types.keys()].filter(name => names.includes(name))
  const columns: readonly Column[] = [...new Set([...inOrder, ...names])].map(name => ({ name, type: types.get(name) ?? 'JSON' }))
  assertColumns(columns.map(({ name }) => name))
  const ordered = columns.map(({ name }) => name)
  const match = (target: readonly TargetColumn[]) => matchColumns(ordered, target)
  return {
    columns,
    ...(!isOne && { rowsOf: rows }),
    strictSql(target) {
      // For a null DuckDB would make up a row of NULLs.
      if (others > 0) throw new ServiceError('dataInvalid', 'A line of the data is no object.')
      const matches = match(target)
      const typed = matches.map(each => `${quote(each.source)}: ${quote(readAs(each.target.type))}`)
      const selected = matches.map(each => `${strictValue(each)} AS ${quoteName(each.target.name)}`)
      return `SELECT ${selected.join(', ')} FROM ${read(`columns = {${typed.join(', ')}}`)}`
    },
    acceptedSql: target => acceptedRows(rowsOf(values, match(target), nothing)),
    async findRejects(target, keep) {
      const [path, ...more] = source.paths
      if (path === undefined || more.length > 0) throw new Error('rejects are looked for in one file')
      return findRowRejects(
        connection,
        rowsOf(values, match(target), nothing),
        keep,
        layout === 'newline_delimited' ? lines(path) : undefined,
      )
    },
    close: async () => {},
  } satisfies OpenSource
}

/** Rows that types are inferred from; DuckDB's own default. */
const sampleRows = 20_480

const lines = (path: string) => async (numbers: readonly number[]) => findLines(path, numbers)

async function layoutOf({ format, paths }: Source): Promise<'newline_delimited' | 'array' | 'unstructured'> {
  if (format === 'ndjson') return 'newline_delimited'
  const file = await open(paths[0] ?? '')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(65_536), 0, 65_536, 0)
    const first = buffer.toString('latin1', 0, bytesRead).trimStart()[0]
    if (first === undefined) throw new ServiceError('dataInvalid', 'The data is empty: it has no columns.')
    if (first === '[') return 'array'
    if (first === '{') return 'unstructured'
    throw new ServiceError('dataInvalid', `The data begins with "${first}": JSON has to be an array of objects, or one object.`)
  } finally {
    await file.close()
  }
}

interface Keys {
  readonly names: readonly string[]
  /** Bytes of the longest object. */
  readonly longest: number
  readonly rowsOf: ReadonlyMap<string, number>
  /** Values that are no objects. */
  readonly others: number
}

/** Every key that any object has, sorted, since groups come in no order. DuckDB's reader would leave out those that it is not asked for. @param file what tells files apart */
async function keysOf(connection: DuckDBConnection, values: string, file: string): Promise<Keys> {
  const found = await connection.runAndReadAll(
    `SELECT json_keys(json) AS keys, max(strlen(json)), ${file} AS file, count(*), coalesce(json_type(json) = 'OBJECT', false) AS is_object
      FROM (${values}) GROUP BY keys, file, is_object`,
  )
  const rows = found.getRows().filter(row => row[4] === true)
  const all = found.getRows().reduce((sum, [, , , count]) => sum + Number(count), 0)
  const rowsOf = new Map<string, number>()
  for (const [, , path, count] of rows) rowsOf.set(String(path), (rowsOf.get(String(path)) ?? 0) + Number(count))
  return {
    names: [...new Set(rows.flatMap(([list]) => itemsOf(list)))].sort(),
    longest: Math.max(0, ...rows.map(([, length]) => Number(length))),
    rowsOf,
    others: all - [...rowsOf.values()].reduce((sum, count) => sum + count, 0),
  }
}

function itemsOf(list: unknown): string[] {
  return typeof list === 'object' && list !== null && 'items' in list && Array.isArray(list.items) ? list.items.map(String) : []
}

function isNested(type: string): boolean {
  return /^(STRUCT|MAP|UNION)\(|\]$/.test(type)
}

/** What DuckDB's reader is asked for: what it would change or leave out without a word comes as it is, and is converted here. */
function readAs(type: string): string {
  if (type === 'BLOB') return 'VARCHAR'
  return isNested(type) ? 'JSON' : type
}

function strictValue({ source, target }: Match): string {
  const value = quoteName(source)
  if (target.type === 'BLOB') return `from_base64(${value})`
  if (!isNested(target.type)) return withoutNul(value, target)
  const refused = `error(${quote(`Column "${target.name}": a value does not fit ${target.type}`)})`
  return withoutNul(`CASE WHEN ${fitsNested(value, target.type)} THEN ${nested(value, target.type)} ELSE ${refused} END`, target)
}

/** @param nothing what is wrong with a value that is not there: DuckDB has none for a broken line, and none for a null. */
function rowsOf(values: string, matches: readonly Match[], nothing: string): Rows {
  const broken = `CASE WHEN json IS NULL THEN ${quote(nothing)} WHEN json_type(json) <> 'OBJECT' THEN 'is not an object'
    WHEN len(json_keys(json)) <> len(list_distinct(json_keys(json))) THEN 'has the same key twice' END`
  return { from: values, broken: { reason: broken, shown: 'json::VARCHAR' }, cells: matches.map(cellOf) }
}

function cellOf({ source, target }: Match): Cell {
  const value = `json_extract(json, ${quote(pointerTo(source))})`
  const text = `json_extract_string(json, ${quote(pointerTo(source))})`
  const present = `coalesce(json_type(${value}) <> 'NULL', false)`
  const converted = () => {
    if (target.type === 'VARCHAR') return text
    if (target.type === 'JSON') return value
    if (target.type === 'BLOB') return `TRY(from_base64(${text}))`
    if (isNested(target.type)) return `CASE WHEN ${fitsNested(value, target.type)} THEN ${nested(value, target.type)} END`
    return `TRY(CAST(${value} AS ${target.type}))`
  }
  return { target, present, converted: converted(), shown: text }
}

/** @see https://www.rfc-editor.org/rfc/rfc6901 */
function pointerTo(key: string): string {
  return `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`
}

function nested(value: string, type: string): string {
  return `from_json(${value}, ${quote(JSON.stringify(type))})`
}

/** Fields may be missing, but nothing that is there may get lost: what does not fit, from_json leaves out without a word. */
function fitsNested(value: string, type: string): string {
  return `(${value} IS NULL OR json_type(${value}) = 'NULL' OR (json_type(${value}) IN ('OBJECT', 'ARRAY') AND ${nested(value, type)} IS NOT NULL AND ${leaves(value)} = ${leaves(`to_json(${nested(value, type)})`)}))`
}

function leaves(value: string): string {
  return `len(list_filter(json_extract(${value}, '$..*'), lambda v: json_type(v) NOT IN ('OBJECT', 'ARRAY', 'NULL')))`
}
