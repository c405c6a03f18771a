import type { Column, Row } from '../../api/rows.ts'
import { cellText } from '../../format/cell.ts'

/** Pixels; the padding with a cell's border, and one more, because the letters of some fonts are a little wider. */
const [minWidth, maxWidth, characterWidth, padding, headExtra] = [56, 360, 7.3, 22, 26]

export const smallestWidth = 40

/** Wide enough for its name and for the values of the first rows, within bounds. */
export function widthsFor(columns: readonly Column[], sample: readonly Row[]): number[] {
  return columns.map(({ name, type }, index) => {
    const longest = sample.reduce((most, row) => Math.max(most, lengthOf(cellText(row[index] ?? null, type))), 4)
    const width = Math.max(Math.min(name.length, 60) * characterWidth + headExtra, longest * characterWidth) + padding
    return Math.ceil(Math.min(Math.max(width, minWidth), maxWidth))
  })
}

/** In characters of the width of a letter: those of East Asian scripts take two. */
function lengthOf(text: string): number {
  let length = 0
  for (const character of text.slice(0, 80)) length += (character.codePointAt(0) ?? 0) > 0x2e7f ? 2 : 1
  return length
}
