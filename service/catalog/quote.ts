/** A text as a literal of DuckDB's and PostgreSQL's SQL. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** A name as a quoted identifier: some harmless-looking ones, `at` for example, are reserved. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
