import { writeArrow } from './arrow/write-arrow.ts'
import { explainStatement } from './explain-statement.ts'
import type { InlineResult, Output, ResultEnd, ResultHead, StatementText } from './messages.ts'
import { type OpenStatement, openStatement, type Session } from './open-statement.ts'
import { writeJson } from './write-json.ts'
import { writeKept } from './write-kept.ts'
import { writeStream } from './write-stream.ts'

/** Runs one statement and writes its rows where they shall go.
 * @param started is told the head when rows start to come through the pipe. @throws ServiceError, or DuckDB's own error */
export async function runStatement(
  session: Session,
  text: StatementText,
  output: Output,
  started: (head: ResultHead) => void,
): Promise<{ end: ResultEnd; inline?: InlineResult }> {
  // A stream keeps no order that nobody asked for: keeping it would hold a slow caller's rows in memory.
  await keepOrder(session, output.kind === 'json' || (output.kind === 'stream' && output.ordered === true))
  return openStatement(session, text, async statement => {
    const whole = (head: ResultHead) => (text.tellTables ? { ...head, tables: statement.tables } : head)
    const { end, inline } = await write(statement, output, session.pipe, head => started(whole(head)))
    return { end, ...(inline && { inline: { ...inline, head: whole(inline.head) } }) }
  })
}

async function write(
  statement: OpenStatement,
  output: Output,
  pipe: string,
  started: (head: ResultHead) => void,
): Promise<{ end: ResultEnd; inline?: InlineResult }> {
  switch (output.kind) {
    case 'json':
      return writeJson(statement, output.maxRows, pipe, started)
    case 'plan':
      return explainStatement(statement, output.analyze)
    case 'file':
      return writeKept(statement, output.path)
    case 'stream':
      return {
        end: await (output.format === 'arrow'
          ? writeArrow(statement, pipe, started)
          : writeStream(statement, output.format, pipe, started)),
      }
  }
}

const kept = new WeakMap<Session, boolean>()

async function keepOrder(session: Session, keep: boolean): Promise<void> {
  if (kept.get(session) === keep) return
  await session.lake.run(`SET preserve_insertion_order = ${keep}`)
  kept.set(session, keep)
}
