import type { Fragment } from './cursor.ts'

/** SQL of ours. @param from where in the caller's text stands what it is about. */
export interface OwnText {
  readonly text: string
  readonly from?: number
}

interface Piece {
  readonly at: number
  readonly length: number
  readonly from: number
  /** It stands for the caller's text unit by unit. */
  readonly same: boolean
}

/** SQL that is made of ours and of the caller's, and knows which is which. */
export class ComposedText {
  readonly text: string
  private readonly pieces: readonly Piece[]

  constructor(parts: readonly (OwnText | Fragment)[]) {
    let text = ''
    const pieces: Piece[] = []
    for (const part of parts) {
      if ('tokens' in part) {
        for (const { plain, start, end } of part.tokens) {
          pieces.push({ at: text.length, length: plain.length, from: start, same: plain.length === end - start })
          text += plain
        }
      } else {
        if (part.from !== undefined) pieces.push({ at: text.length, length: part.text.length, from: part.from, same: false })
        text += part.text
      }
    }
    this.text = text
    this.pieces = pieces
  }

  /** Where a place of this text is in the caller's. @returns undefined for what the caller did not write */
  placeOf(place: number): number | undefined {
    const piece = this.pieces.find(({ at, length }) => place >= at && place < at + length)
    if (!piece) return undefined
    return piece.same ? piece.from + place - piece.at : piece.from
  }
}
