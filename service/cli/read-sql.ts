import { readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { UsageError } from './exit-codes.ts'

const missing = 'There is no statement: write it in quotes, name its file with --file, or pipe it in.'

/** The statement: the argument, a file, or what is piped in. @throws UsageError if there is none, or more than one */
export async function readSql(argument: string | undefined, file: string | undefined): Promise<string> {
  const sql = await given(argument, file)
  if (sql.trim() === '') throw new UsageError(missing)
  return sql
}

async function given(argument: string | undefined, file: string | undefined): Promise<string> {
  if (argument !== undefined && argument !== '-' && file !== undefined) throw new UsageError('Say SQL or --file, not both.')
  if (file !== undefined) return read(file)
  if (argument !== undefined && argument !== '-') return argument
  if (process.stdin.isTTY) throw new UsageError(missing)
  return text(process.stdin)
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${error instanceof Error ? error.message : error}`)
  }
}
