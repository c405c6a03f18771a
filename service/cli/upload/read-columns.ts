import { UsageError } from '../exit-codes.ts'

/** `id BIGINT, amount DECIMAL(18, 3)` as the service takes it; JSON stays as it is. @throws UsageError */
export function readColumns(text: string): string {
  if (text.trimStart().startsWith('[')) return text
  return JSON.stringify(parts(text).map(columnOf))
}

/** Commas in brackets and in quotes separate nothing. */
function parts(text: string): string[] {
  return text.match(/(?:"(?:[^"]|"")*"|\([^()]*(?:\([^()]*\)[^()]*)*\)|[^,"()])+/g) ?? []
}

function columnOf(part: string): { name: string; type: string } {
  const [, quoted, bare, type] = /^\s*(?:"((?:[^"]|"")+)"|(\S+))\s+(\S[\s\S]*?)\s*$/.exec(part) ?? []
  const name = quoted?.replaceAll('""', '"') ?? bare
  if (name === undefined || type === undefined)
    throw new UsageError(`--columns has "${part.trim()}": each column is a name and a type, as in "id BIGINT, amount DECIMAL(18, 3)".`)
  return { name, type }
}
