import { ServiceError } from '../../errors.ts'

const escapes: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', '\\': '\\', "'": "'", '"': '"' }

/** What the inside of E'…' says.
 * @param at where it begins in the statement. @throws ServiceError sqlSyntax for an escape that is not one of the common ones */
export function readEscapes(inside: string, at: number): string {
  return inside.replace(/''|\\([\s\S])/g, (pair, escaped: string | undefined, index: number) => {
    if (escaped === undefined) return "'"
    const meant = escapes[escaped]
    if (meant === undefined) {
      throw new ServiceError('sqlSyntax', `The escape ${pair} is not supported: write the character itself, or chr(…).`, {
        position: at + index,
      })
    }
    return meant
  })
}
