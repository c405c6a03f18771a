import { extname } from 'node:path'
import type { StreamFormat } from '../../client/lake-client.ts'
import { UsageError } from '../exit-codes.ts'

export const queryFormats = ['table', 'json', 'ndjson', 'csv', 'parquet', 'arrow'] as const
export type QueryFormat = (typeof queryFormats)[number]

const extensions: Readonly<Record<string, QueryFormat>> = {
  '.json': 'json',
  '.ndjson': 'ndjson',
  '.jsonl': 'ndjson',
  '.csv': 'csv',
  '.parquet': 'parquet',
  '.arrow': 'arrow',
  '.arrows': 'arrow',
}

/** What was said, else what the file's name says, else a table for people. @throws UsageError */
export function queryFormat(said: QueryFormat | undefined, output: string | undefined, json: boolean): QueryFormat {
  const format = said ?? (json ? 'json' : output === undefined ? 'table' : extensions[extname(output).toLowerCase()])
  if (format === undefined)
    throw new UsageError(`What is to be in ${output} its name does not say: add --format ${queryFormats.slice(1).join(', ')}.`)
  const binary = format === 'parquet' || format === 'arrow'
  if (binary && output === undefined && process.stdout.isTTY)
    throw new UsageError(`A terminal cannot show ${format}: add --output FILE, or pipe it into a program.`)
  return format
}

export function isStreamed(format: QueryFormat): format is StreamFormat {
  return format !== 'table' && format !== 'json'
}
