import { open } from 'node:fs/promises'
import { shownLength } from './source.ts'

const newline = 10
const chunkBytes = 1_048_576

export interface Line {
  readonly line: number
  /** Its beginning. */
  readonly text: string
}

/** Finds the lines that DuckDB counted without the blank ones: it numbers rows, an editor numbers lines.
 * @param numbers of lines that are not blank, from 1. @param quoteMark what line breaks may stand between, if they may.
 * @returns their numbers among all lines, and their text */
export async function findLines(path: string, numbers: readonly number[], quoteMark = ''): Promise<ReadonlyMap<number, Line>> {
  const wanted = new Set(numbers)
  const last = Math.max(...numbers)
  const found = new Map<number, Line>()
  const file = await open(path)
  try {
    let [line, filled] = [0, 0]
    let rest: Buffer = Buffer.alloc(0)
    let isOpen = false
    const take = (bytes: Buffer) => {
      line += 1
      const goesOn = isOpen
      if (quoteMark !== '' && countOf(bytes, quoteMark) % 2 === 1) isOpen = !isOpen
      if (goesOn || isBlank(bytes)) return
      filled += 1
      if (wanted.has(filled))
        found.set(filled, {
          line,
          text: bytes
            .toString('utf8', 0, shownLength * 4)
            .trim()
            .slice(0, shownLength),
        })
    }
    for await (const chunk of file.createReadStream({ highWaterMark: chunkBytes, autoClose: false })) {
      const bytes: Buffer = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk
      let start = 0
      for (let end = bytes.indexOf(newline); end >= 0 && filled < last; end = bytes.indexOf(newline, start)) {
        take(bytes.subarray(start, end))
        start = end + 1
      }
      if (filled >= last) return found
      rest = bytes.subarray(start)
    }
    if (rest.length > 0) take(rest)
    return found
  } finally {
    await file.close()
  }
}

function isBlank(bytes: Buffer): boolean {
  for (const byte of bytes) if (byte !== 32 && byte !== 9 && byte !== 13) return false
  return true
}

function countOf(bytes: Buffer, mark: string): number {
  let count = 0
  for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, at + 1)) count += 1
  return count
}
