import { ServiceError } from '../errors.ts'

/** Bytes of an object, both ends among them. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/** The one range that a header asks for. @returns undefined for several ranges and other units, which are answered with the whole, as the
 * standard allows. @throws ServiceError rangeNotSatisfiable if it begins behind the end
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-range */
export function readRange(header: string | undefined, bytes: number): ByteRange | undefined {
  const [, from = '', to = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/i.exec(header?.trim() ?? '') ?? []
  if (from === '' && to === '') return undefined
  if (from !== '' && to !== '' && Number(to) < Number(from)) return undefined
  const start = from === '' ? Math.max(bytes - Number(to), 0) : Number(from)
  const end = from === '' || to === '' ? bytes - 1 : Math.min(Number(to), bytes - 1)
  if (start > end) throw new ServiceError('rangeNotSatisfiable', `The object has ${bytes} bytes, and Range begins behind them.`)
  return { start, end }
}
