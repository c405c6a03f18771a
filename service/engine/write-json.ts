import { open } from 'node:fs/promises'
import { encodeJson } from './encode-json.ts'
import { assertNamed } from './json-projection.ts'
import type { InlineResult, ResultEnd, ResultHead } from './messages.ts'
import type { OpenStatement } from './open-statement.ts'

/** Up to this size a result travels in a message; a larger one would hold up the gateway while it is parsed. */
const inlineBytes = 64 * 1024

/** Runs a statement for a JSON document. One row more than asked for tells whether there are more.
 * @param started is told the head as soon as rows go into the pipe; a result that is short does not get there. */
export async function writeJson(
  statement: OpenStatement,
  maxRows: number,
  pipe: string,
  started: (head: ResultHead) => void,
): Promise<{ end: ResultEnd; inline?: InlineResult }> {
  const limited = statement.appendable
    ? `${statement.sql}\nLIMIT ${maxRows + 1}`
    : `SELECT * FROM (\n${statement.sql}\n) LIMIT ${maxRows + 1}`
  const prepared = await statement.prepare(limited).catch(async (error: unknown) => {
    // In the caller's own text the error has its place.
    if (!statement.appendable) await statement.columnNames()
    throw error
  })
  const result = await prepared.run()
  const given = result.columnNames()
  // Behind the statement, column names that come twice stay as they are; in parentheses DuckDB gives the second a number. Whoever has no
  // such name is spared a second look at the catalog.
  const names = !statement.appendable && given.some(name => numbered.test(name)) ? await statement.columnNames() : undefined
  const typed = result.columnTypes().map((type, index) => ({ name: names?.[index] ?? result.columnName(index), type }))
  assertNamed(typed)
  const columns = typed.map(({ name, type }) => ({ name, type: String(type) }))
  const head = { columns, ...(statement.snapshotId !== undefined && { snapshotId: statement.snapshotId }) }

  const rows: string[] = []
  let bytes = 0
  for (let chunk = 0; chunk < result.chunkCount; chunk += 1) {
    for (const row of result.getChunk(chunk).getRows()) {
      const text = JSON.stringify(row.map(encodeJson))
      bytes += text.length
      rows.push(text)
    }
  }
  const truncated = rows.length > maxRows
  if (truncated) rows.pop()
  const end = { rowCount: rows.length, truncated }
  if (bytes <= inlineBytes) return { end, inline: { head, rows: `[${rows.join(',')}]` } }

  started(head)
  const file = await open(pipe, 'w')
  try {
    await file.write('[')
    for (let first = 0; first < rows.length; first += rowsAtOnce) {
      await file.writeFile(`${first > 0 ? ',' : ''}${rows.slice(first, first + rowsAtOnce).join(',')}`)
    }
    await file.write(']')
  } finally {
    await file.close()
  }
  return { end }
}

/** How DuckDB renames what comes twice. */
const numbered = /_\d+$/

/** Enough to make a write worth its while. */
const rowsAtOnce = 1_000
