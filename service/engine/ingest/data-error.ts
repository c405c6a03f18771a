import type { ErrorCode } from '../../errors.ts'
import { ServiceError } from '../../errors.ts'
import { classifyError } from '../classify-error.ts'

/** What DuckDB says of data that it cannot read. Errors with other causes keep their codes. */
const ofData: ReadonlySet<ErrorCode> = new Set(['sqlInvalid', 'sqlSyntax', 'queryFailed', 'statementRefused'])

/** Takes an error out of reading a source for the caller's: in words without our folders and DuckDB's settings. */
export function dataError(error: unknown): unknown {
  if (error instanceof ServiceError) return error
  const { code, detail, unusable } = classifyError(error, '')
  if (unusable || !ofData.has(code)) return error
  return new ServiceError('dataInvalid', inOurWords(detail) || 'The data cannot be read.')
}

/** Does the work, and throws what is wrong with the data as `dataInvalid`. */
export async function readingData<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    throw dataError(error)
  }
}

function inOurWords(detail: string): string {
  const text = detail
    .replace(/\n(Original Line|Possible|Try setting|Column .* is being converted| Try increasing|\s*file =)[\s\S]*$/, '')
    .replace(/,? ?(in|while reading|of)? ?file ['"][^'"]*['"](, at|,)?/gi, match => (match.endsWith('at') ? ' at' : ''))
    .replace(/"maximum_object_size" of (\d+) bytes exceeded.*/, 'A value has more than $1 bytes.')
    .replaceAll('\n', ' ')
    .trim()
  return /[.!?]$/.test(text) || text === '' ? text : `${text}.`
}
