import { isProblem, type Problem } from './lake-error.ts'

/** Values by column, as JSON has them: whole numbers of 64 bits and decimals are texts. */
export type Row = Readonly<Record<string, unknown>>

/** Lines of UTF-8, without their ends; an empty one is none. */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of chunks) {
    const [first = '', ...others] = decoder.decode(chunk, { stream: true }).split('\n')
    rest += first
    for (const next of others) {
      if (rest !== '') yield rest
      rest = next
    }
  }
  rest += decoder.decode()
  if (rest !== '') yield rest
}

export function rowOf(line: string): Row {
  const row: Row = JSON.parse(line)
  return row
}

/** @returns undefined if the row is none of an error */
export function problemIn(row: Row): Problem | undefined {
  return Object.keys(row).length === 1 && isProblem(row.error) ? row.error : undefined
}
