/** Reads the first record of a text: its head, whose names DuckDB changes if they come twice. */
export function readCsvRecord(
  text: string,
  { delimiter, quoteMark, escapeMark }: { readonly delimiter: string; readonly quoteMark: string; readonly escapeMark: string },
): readonly string[] {
  const fields: string[] = []
  let [field, quoted] = ['', false]
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at]
    if (quoted) {
      if (letter === escapeMark && text[at + 1] === quoteMark) {
        field += quoteMark
        at += 1
      } else if (letter === quoteMark) quoted = false
      else field += letter
    } else if (letter === quoteMark && field === '') quoted = true
    else if (text.startsWith(delimiter, at)) {
      fields.push(field)
      field = ''
      at += delimiter.length - 1
    } else if (letter === '\n' || letter === '\r') break
    else field += letter
  }
  return [...fields, field]
}
