import { type ErrorCode, ServiceError, type SqlPlace } from '../errors.ts'
import { redact } from './redact.ts'
import { utf16Index } from './utf16-index.ts'

interface ClassifiedError extends SqlPlace {
  readonly code: ErrorCode
  readonly detail: string
  /** DuckDB will answer nothing any more. */
  readonly unusable?: boolean
}

/** DuckDB's kinds of errors in our words. */
const byType: Readonly<Record<string, ErrorCode>> = {
  Parser: 'sqlSyntax',
  Syntax: 'sqlSyntax',
  Binder: 'sqlInvalid',
  Catalog: 'sqlInvalid',
  Permission: 'statementRefused',
  'Out of Memory': 'outOfMemory',
  INTERRUPT: 'queryTimeout',
}

/** Servers that are away show only in the words; PostgreSQL's connection that is lost at a ROLLBACK in none behind the query. */
const byWords: readonly (readonly [RegExp, ErrorCode, string])[] = [
  [
    /Unable to connect to Postgres|Failed to query most recent snapshot|terminating connection|server closed the connection|connection to (the )?server|from server: |no connection to the server|Failed to execute query "[\s\S]*":$/,
    'catalogUnavailable',
    'The catalog’s database does not answer. The statement changed nothing: try again.',
  ],
  [
    / error for HTTP [A-Z]+ to |Could not connect to server|Timeout was reached|Failed to read connection|HTTP 50[0-4]\b|uploading part to S3/,
    'storageUnavailable',
    'The object store does not answer. The statement changed nothing: try again.',
  ],
  [
    /No space left on device|failed to offload data block|max_temp_directory_size/,
    'storageFull',
    'The statement needs more disk than there is to spill to: make it smaller, or read fewer columns. What it had spilled is removed.',
  ],
  [/Transaction conflict/, 'writeConflict', ''],
  [/No snapshot found/, 'snapshotNotFound', ''],
]

/** Says what an error in an engine means to the caller. DuckDB prints connection strings and paths: they do not get through. */
export function classifyError(error: unknown, sql: string): ClassifiedError {
  if (error instanceof ServiceError) return { code: error.code, detail: error.detail, ...error.place }
  const { type, message, position, candidates } = read(error instanceof Error ? error.message : String(error))
  const known = byWords.find(([words]) => words.test(message))
  const place = position === undefined ? undefined : utf16Index(sql, type === 'Parser' ? 'characters' : 'bytes', position)
  return {
    code: known?.[1] ?? byType[type] ?? 'queryFailed',
    detail: known?.[2] || redact(message),
    ...(/FATAL|INTERNAL|TransactionContext/.test(type) && { unusable: true }),
    ...(place !== undefined && { position: place }),
    ...(candidates.length > 0 && { candidates }),
  }
}

/** With errors_as_json DuckDB's message is an object; what it wraps around one, or throws before the setting, is a text. */
function read(text: string): { type: string; message: string; position: number | undefined; candidates: string[] } {
  const fields = parse(text)
  if (!fields) {
    const [, type = '', message = text] = /(?:^|\n|Error: )(\w[\w ]*) Error: ([\s\S]*)$/.exec(text) ?? []
    return { type, message: withoutExcerpt(message), position: undefined, candidates: [] }
  }
  return {
    type: String(fields.exception_type),
    message: withoutExcerpt(String(fields.exception_message)),
    position: fields.position === undefined ? undefined : Number(fields.position),
    candidates:
      typeof fields.candidates === 'string'
        ? fields.candidates
            .split(',')
            .map(name => name.trim())
            .filter(Boolean)
        : [],
  }
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  const start = text.indexOf('{"exception_type"')
  if (start < 0) return undefined
  try {
    const value: unknown = JSON.parse(text.slice(start))
    return typeof value === 'object' && value !== null ? { ...value } : undefined
  } catch {
    return undefined
  }
}

/** `LINE 1: …` with a caret shows the text that ran, which is not always the caller's; what follows "Possible solutions" are settings
 * that a caller cannot reach. */
function withoutExcerpt(message: string): string {
  return message.replace(/\n+(LINE \d+:|Possible solutions:)[\s\S]*$/, '').trim()
}
