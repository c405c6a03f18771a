import { signal } from '@preact/signals'
import { type Problem, toProblem } from '../../api/ask.ts'
import { readPage } from '../../api/queries.ts'
import type { Column, Row } from '../../api/rows.ts'
import type { GridSource } from './grid-source.ts'

/** Values of a page: what a glance and a bit of scrolling need, in less than a megabyte mostly. */
const pageValues = 20_000
const [minPageRows, maxPageRows] = [20, 1_000]

/** Pages that are kept: with all of them a long result would fill the browser's memory. */
const maxPages = 24

/** The rows of a result that the service keeps, a page at a time as they come into sight. */
export class ResultPages implements GridSource {
  readonly changed = signal(0)
  readonly problem = signal<Problem | undefined>(undefined)
  readonly pageRows: number
  private readonly pages = new Map<number, Promise<readonly Row[]>>()
  private readonly here = new Map<number, readonly Row[]>()

  constructor(
    readonly queryId: string,
    readonly columns: readonly Column[],
    readonly rowCount: number,
  ) {
    this.pageRows = Math.min(Math.max(Math.floor(pageValues / Math.max(columns.length, 1)), minPageRows), maxPageRows)
  }

  rowAt(index: number): Row | undefined {
    const page = Math.floor(index / this.pageRows)
    return this.here.get(page)?.[index - page * this.pageRows]
  }

  want(from: number, to: number): void {
    const last = Math.min(to, this.rowCount) - 1
    for (let page = Math.floor(from / this.pageRows); page * this.pageRows <= last; page++) {
      this.page(page).catch((error: unknown) => {
        this.problem.value = toProblem(error)
      })
    }
  }

  async rows(from: number, to: number): Promise<readonly Row[]> {
    const rows: Row[] = []
    for (let at = from; at < Math.min(to, this.rowCount); ) {
      const page = Math.floor(at / this.pageRows)
      const found = await this.page(page)
      const first = page * this.pageRows
      rows.push(...found.slice(at - first, to - first))
      at = first + this.pageRows
    }
    return rows
  }

  private page(page: number): Promise<readonly Row[]> {
    const known = this.pages.get(page)
    if (known) {
      this.pages.delete(page)
      this.pages.set(page, known)
      return known
    }
    const asked = readPage(this.queryId, page * this.pageRows, this.pageRows).then(({ rows }) => {
      if (this.pages.get(page) === asked) this.here.set(page, rows)
      this.problem.value = undefined
      this.changed.value++
      return rows
    })
    this.pages.set(page, asked)
    asked.catch(() => this.pages.delete(page))
    const [oldest] = this.pages.keys()
    if (oldest !== undefined && this.pages.size > maxPages) {
      this.pages.delete(oldest)
      this.here.delete(oldest)
    }
    return asked
  }
}
