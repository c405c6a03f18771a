import { ServiceError } from '../errors.ts'
import { linesAt } from './lines-at.ts'

const newline = 10
const carriageReturn = 13

/** Looks at a text as it passes, for what DuckDB's readers would take without a word: a NUL, after which DuckLake's statistics of the column
 * are wrong, and a line longer than their buffer, the last of which they leave out. Each look is one search by the runtime: no byte is
 * touched by JavaScript. */
export class TextWatch {
  private passed = 0
  private lineStart = 0
  private nulAt: number | undefined
  private longLineAt: number | undefined

  /** @param maxLineBytes undefined: lines mean nothing in this format. */
  constructor(private readonly maxLineBytes: number | undefined) {}

  look(chunk: Buffer): void {
    if (this.nulAt === undefined) {
      const at = chunk.indexOf(0)
      if (at >= 0) this.nulAt = this.passed + at
    }
    if (this.maxLineBytes !== undefined && this.longLineAt === undefined) this.lookForLine(chunk, this.maxLineBytes)
    this.passed += chunk.length
  }

  /** @param path where the text lies now, whole. @throws ServiceError dataInvalid that names the line. */
  async assertSound(path: string): Promise<void> {
    if (this.nulAt !== undefined) {
      const [line] = await linesAt(path, [this.nulAt])
      throw new ServiceError('dataInvalid', `Line ${line} holds a NUL byte, at byte ${this.nulAt} of the data: text must not. ${utf8}`)
    }
    const isLastTooLong = this.maxLineBytes !== undefined && this.passed - this.lineStart > this.maxLineBytes
    const at = this.longLineAt ?? (isLastTooLong ? this.lineStart : undefined)
    if (at !== undefined) {
      const [line] = await linesAt(path, [at])
      throw new ServiceError('dataInvalid', `Line ${line} has more than ${this.maxLineBytes} bytes. Is a quote or a line's end missing?`)
    }
  }

  /** A line that is too long is longer than a chunk: its ends lie in different ones, so the first and the last end of each are enough. */
  private lookForLine(chunk: Buffer, maxLineBytes: number): void {
    const end = chunk.includes(newline) ? newline : carriageReturn
    const first = chunk.indexOf(end)
    if (first < 0) return
    if (this.passed + first - this.lineStart > maxLineBytes) this.longLineAt = this.lineStart
    this.lineStart = this.passed + chunk.lastIndexOf(end) + 1
  }
}

const utf8 = 'A file in UTF-16 or UTF-32 has many: save it as UTF-8.'
