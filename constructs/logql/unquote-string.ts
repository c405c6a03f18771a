/** What a LogQL string holds: in backticks what stands there, in double quotes with Go's escapes.
 * @returns undefined for an escape that there is none of, such as `"\d"`. */
export function unquoteString(quoted: string): string | undefined {
  if (quoted.startsWith('`')) return quoted.slice(1, -1)
  try {
    const value: unknown = JSON.parse(quoted.replaceAll('\t', '\\t'))
    return typeof value === 'string' ? value : undefined
  } catch {
    return undefined
  }
}
