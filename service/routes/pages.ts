import { Type } from 'typebox'
import { ServiceError } from '../errors.ts'

/** The query of a list that comes in pages. */
export const pageQuery = {
  limit: Type.Optional(Type.String({ pattern: '^[1-9]\\d{0,2}$', description: 'Entries of the page; 100 if it is missing.' })),
  cursor: Type.Optional(Type.String({ pattern: '^[\\w-]+$', description: '`next` of the page before.' })),
}

/** Where the next page begins. */
export const next = Type.Union([Type.String(), Type.Null()], { description: 'The cursor of the next page; null after the last one.' })

interface PageQuery {
  readonly limit?: string | undefined
  readonly cursor?: string | undefined
}

/** A list in pages. A cursor is the place where a page ended, the values by which the list is ordered, as a text that callers pass on without
 * reading it: entries that come or go meanwhile make no other one come twice or not at all. */
export class Pages {
  /** @param list a name, so that no other list takes its cursors. @param forms of the values by which it is ordered */
  constructor(
    private readonly list: string,
    private readonly forms: readonly RegExp[],
  ) {}

  /** @returns how many entries to read, one more than the page has, and the values of the one before them. @throws ServiceError invalidRequest */
  wanted({ limit = '100', cursor }: PageQuery): { readonly limit: number; readonly after: readonly string[] | undefined } {
    return { limit: Number(limit) + 1, after: cursor === undefined ? undefined : this.placeOf(cursor) }
  }

  /** @param found as many as were wanted, or all that are left. @param placeOf the values by which an entry is ordered */
  page<Entry>(
    found: readonly Entry[],
    limit: number,
    placeOf: (entry: Entry) => readonly string[],
  ): { entries: Entry[]; next: string | null } {
    const entries = found.slice(0, limit - 1)
    const last = entries.at(-1)
    return { entries, next: found.length >= limit && last !== undefined ? this.cursorOf(placeOf(last)) : null }
  }

  private cursorOf(place: readonly string[]): string {
    return Buffer.from(JSON.stringify([this.list, ...place])).toString('base64url')
  }

  private placeOf(cursor: string): readonly string[] {
    const [list, ...place] = parsed(cursor)
    const fits = list === this.list && place.length === this.forms.length && place.every((value, index) => this.forms[index]?.test(value))
    if (!fits)
      throw new ServiceError('invalidRequest', 'cursor is none that this list gave: use `next` of the page before, or leave it out.')
    return place
  }
}

/** Forms of what lists are ordered by. */
export const anyText = /^[^\0]*$/
export const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/
export const rowNumber = /^\d{1,18}$/

function parsed(cursor: string): string[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    return Array.isArray(value) && value.every(each => typeof each === 'string') ? value : []
  } catch {
    return []
  }
}
