/** `1 row`, `2 rows`. @param count perhaps as the text of its digits */
export function rowsText(count: number | string | null): string {
  return `${count ?? 0} ${String(count) === '1' ? 'row' : 'rows'}`
}
