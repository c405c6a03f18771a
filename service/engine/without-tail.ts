import type { DuckDBConnection } from '@duckdb/node-api'
import { serialize } from './statement-tree.ts'

/** How many semicolons from the end are looked at: more than anybody puts behind a statement, and a bound on the work. */
const maxSemicolons = 16

/** Cuts the semicolon that ends a statement, comments behind it, and semicolons before it. Which semicolon does that and which is part of a text or comment
 * only the parser knows: a cut is right where it leaves the same tree. */
export async function withoutTail(duckdb: DuckDBConnection, sql: string, serialized: string): Promise<string> {
  // Blanks for semicolons in front, so that every place stays where it was.
  let statement = trimmed(sql.replace(/^[;\s]+/, run => ' '.repeat(run.length)))
  let semicolon = statement.length
  for (let tries = 0; tries < maxSemicolons; tries += 1) {
    semicolon = semicolon > 0 ? statement.lastIndexOf(';', semicolon - 1) : -1
    if (semicolon < 0) break
    if ((await serialize(duckdb, statement.slice(0, semicolon))) === serialized) statement = trimmed(statement.slice(0, semicolon))
  }
  return statement
}

/** Not by a pattern: on a long run of spaces inside of a text, one would start anew at each of them. */
function trimmed(text: string): string {
  let end = text.length
  while (end > 0 && /[;\s]/.test(text.charAt(end - 1))) end -= 1
  return text.slice(0, end)
}
