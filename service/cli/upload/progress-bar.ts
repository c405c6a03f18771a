import { sizeText } from '../print/size-text.ts'

const width = 24
const redrawMs = 100

/** A line on standard error that says how much of a file has gone out. */
export class ProgressBar {
  private drawnAt = 0

  /** @param total bytes; undefined if nobody knows */
  constructor(
    private readonly total: number | undefined,
    private readonly write: (text: string) => void,
  ) {}

  show(bytes: number): void {
    const now = performance.now()
    if (now - this.drawnAt < redrawMs && bytes !== this.total) return
    this.drawnAt = now
    this.write(`\r${this.text(bytes)}\u001b[K`)
  }

  clear(): void {
    this.write('\r\u001b[K')
  }

  text(bytes: number): string {
    if (this.total === undefined) return `${sizeText(bytes)} sent`
    const share = this.total === 0 ? 1 : Math.min(bytes / this.total, 1)
    const full = Math.round(share * width)
    const waiting = share === 1 ? ', the service writes them' : ''
    return `[${'#'.repeat(full)}${'·'.repeat(width - full)}] ${Math.floor(share * 100)} % of ${sizeText(this.total)}${waiting}`
  }
}
