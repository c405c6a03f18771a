import type { StreamFormat } from '../../client/lake-client.ts'
import { endingOf } from '../../file-ending.ts'
import { UsageError } from '../exit-codes.ts'

export const queryFormats = ['table', 'json', 'ndjson', 'csv', 'parquet', 'arrow'] as const
export type QueryFormat = (typeof queryFormats)[number]

/** Fewer than may be read: nothing is packed here, and no tabs are written. */
const endings: Readonly<Record<string, QueryFormat>> = {
  json: 'json',
  ndjson: 'ndjson',
  jsonl: 'ndjson',
  csv: 'csv',
  parquet: 'parquet',
  pq: 'parquet',
  arrow: 'arrow',
  arrows: 'arrow',
}

/** What was said, else what the file's name says, else a table for people. @throws UsageError */
export function queryFormat(said: QueryFormat | undefined, output: string | undefined, json: boolean): QueryFormat {
  const format = said ?? (json ? 'json' : output === undefined ? 'table' : formatBy(output))
  if (format === undefined)
    throw new UsageError(`What is to be in ${output} its name does not say: add --format ${queryFormats.slice(1).join(', ')}.`)
  const binary = format === 'parquet' || format === 'arrow'
  if (binary && output === undefined && process.stdout.isTTY)
    throw new UsageError(`A terminal cannot show ${format}: add --output FILE, or pipe it into a program.`)
  return format
}

function formatBy(output: string): QueryFormat | undefined {
  const { ending, packed } = endingOf(output)
  return packed ? undefined : endings[ending]
}

export function isStreamed(format: QueryFormat): format is StreamFormat {
  return format !== 'table' && format !== 'json'
}
