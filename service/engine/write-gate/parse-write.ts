import { ServiceError } from '../../errors.ts'
import { Cursor, isToken, keyword } from './cursor.ts'
import { parseAlter } from './parse-alter.ts'
import { parseComment } from './parse-comment.ts'
import { parseCreate } from './parse-create.ts'
import { parseDropStatement } from './parse-drop.ts'
import { parseInsert } from './parse-insert.ts'
import { parseMerge } from './parse-merge.ts'
import { parseDelete, parseTruncate, parseUpdate } from './parse-row-change.ts'
import { notRun } from './refused-statements.ts'
import type { Token } from './token.ts'
import { tokenize } from './tokenize.ts'
import { own, type Part, type WriteStatement } from './write-statement.ts'

const withRows: Readonly<Record<string, (cursor: Cursor, ctes: readonly Part[]) => WriteStatement>> = {
  INSERT: parseInsert,
  UPDATE: parseUpdate,
  DELETE: parseDelete,
  MERGE: parseMerge,
}

const others: Readonly<Record<string, (cursor: Cursor) => WriteStatement>> = {
  TRUNCATE: parseTruncate,
  CREATE: parseCreate,
  ALTER: parseAlter,
  DROP: parseDropStatement,
  COMMENT: parseComment,
}

/** Takes a statement apart that changes the lake. It is only read here: nothing is looked up, and no expression in it is judged.
 * @throws ServiceError sqlSyntax, or statementRefused for all but the few kinds that are allowed; with the place */
export function parseWrite(sql: string): WriteStatement {
  const cursor = openStatement(sql)
  const ctes = parseCtes(cursor)
  const { position } = cursor
  const word = keyword(cursor.take())
  const parse = ctes.length > 0 ? undefined : others[word]
  const parseRows = withRows[word]
  const statement = parseRows ? parseRows(cursor, ctes) : parse?.(cursor)
  if (!statement) {
    const reason = notRun.get(word)
    if (reason !== undefined) throw cursor.refused(`${word} is not run here: ${reason}.`, position)
    throw cursor.refused(
      'Only INSERT, UPDATE, DELETE, MERGE, TRUNCATE, CREATE TABLE, VIEW and SCHEMA, ALTER, DROP and COMMENT ON are run here.',
      position,
    )
  }
  cursor.end()
  return statement
}

/** The one statement of a text, without the semicolons around it. */
function openStatement(sql: string): Cursor {
  if (sql.includes('\0')) throw new ServiceError('sqlSyntax', 'The statement holds a NUL character.', { position: sql.indexOf('\0') })
  const tokens = tokenize(sql)
  const isGap = (index: number) => {
    const token = tokens[index]
    return token?.kind === 'space' || token?.kind === 'comment' || (token?.kind === 'symbol' && token.value === ';')
  }
  let [from, to] = [0, tokens.length]
  while (from < to && isGap(from)) from += 1
  while (to > from && isGap(to - 1)) to -= 1
  const inside = tokens.slice(from, to)
  if (inside.length === 0) throw new ServiceError('statementRefused', 'The text holds no statement.')
  const second = inside.find(({ kind, value }) => kind === 'symbol' && value === ';')
  if (second) {
    throw new ServiceError('statementRefused', 'The text holds more than one statement: send them one by one, each is one commit.', {
      position: second.start,
    })
  }
  assertOneKind(inside)
  return new Cursor(inside, inside.at(-1)?.end ?? 0)
}

function assertOneKind(tokens: readonly Token[]): void {
  const parameters = tokens.filter(token => token.kind === 'parameter' || isToken(token, '?'))
  const isNumbered = ({ value }: Token) => /^(\?|\$\d+)$/.test(value)
  const other = parameters.find(token => parameters[0] && isNumbered(token) !== isNumbered(parameters[0]))
  if (!other) return
  const detail = 'The statement mixes named parameters ($name) with numbered ones (?, $1): use one kind.'
  throw new ServiceError('sqlSyntax', detail, { position: other.start })
}

function parseCtes(cursor: Cursor): readonly Part[] {
  if (!cursor.at('WITH')) return []
  const ctes = cursor.fragment('WITH', next => Object.keys(withRows).some(word => next.at(word)))
  if (cursor.done) throw cursor.refused('WITH … SELECT only reads: send it to POST /v1/query.', ctes.tokens[0]?.start)
  return [{ as: 'ctes', ...ctes }, own('\n')]
}
