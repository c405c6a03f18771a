import stringWidth from 'string-width'
import { cellText, visible } from './cell-text.ts'

export interface TableColumn {
  readonly name: string
  /** DuckDB's; numbers stand right. */
  readonly type?: string
}

/** What a terminal shows of one value. */
const widestOnTerminal = 60

const numeric = /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL\(.*\))$/

/** Rows under their columns' names. @param cut whether long values may lose their ends, as a terminal wants it */
export function tableText(columns: readonly TableColumn[], rows: readonly (readonly unknown[])[], cut = process.stdout.isTTY): string {
  const head = columns.map(({ name }) => visible(name))
  const body = rows.map(row => row.map(value => shortened(cellText(value), cut)))
  const widths = head.map((name, index) => body.reduce((widest, row) => Math.max(widest, stringWidth(row[index] ?? '')), stringWidth(name)))
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, index) => {
        const padding = ' '.repeat(Math.max((widths[index] ?? 0) - stringWidth(cell), 0))
        return numeric.test(columns[index]?.type ?? '') ? padding + cell : cell + padding
      })
      .join('  ')
      .trimEnd()
  return [line(head), line(widths.map(width => '-'.repeat(width))), ...body.map(line)].join('\n')
}

/** Objects as rows, in the columns that are named. */
export function recordsText<Name extends string>(
  columns: readonly Name[],
  records: readonly Readonly<Record<Name, unknown>>[],
  numbers: readonly Name[] = [],
): string {
  return tableText(
    columns.map(name => ({ name, ...(numbers.includes(name) && { type: 'BIGINT' }) })),
    records.map(record => columns.map(name => record[name])),
  )
}

function shortened(text: string, cut: boolean): string {
  if (!cut || stringWidth(text) <= widestOnTerminal) return text
  let short = ''
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (stringWidth(short + segment) >= widestOnTerminal) break
    short += segment
  }
  return `${short}…`
}
