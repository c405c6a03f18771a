import type { DuckDBConnection, DuckDBPreparedStatement } from '@duckdb/node-api'
import { ServiceError } from '../errors.ts'
import { isNode, type Node } from './syntax-tree.ts'
import { utf16Index } from './utf16-index.ts'

/** DuckDB's own parser. It serializes queries only: what writes, attaches, sets or calls has no tree, and so does not pass. */
export class StatementParser {
  private constructor(private readonly serialize: DuckDBPreparedStatement) {}

  static async open(duckdb: DuckDBConnection): Promise<StatementParser> {
    // Prepared once: binding it anew takes ten times as long as parsing a short statement.
    return new StatementParser(await duckdb.prepare('SELECT json_serialize_sql($1::VARCHAR, skip_null := true, skip_empty := true)'))
  }

  /** @returns the tree of the one statement, and the text of that tree. @throws ServiceError with the place of a mistake */
  async parse(sql: string): Promise<{ tree: Node; serialized: string }> {
    const serialized = await this.serialized(sql)
    const answer: unknown = JSON.parse(serialized)
    if (!isNode(answer)) throw new Error('json_serialize_sql gave no object')
    if (answer.error === true) throw parseError(answer, sql)
    const [tree, ...more] = Array.isArray(answer.statements) ? answer.statements : []
    if (!isNode(tree)) throw new ServiceError('statementRefused', 'The text holds no statement.')
    if (more.length > 0) throw new ServiceError('statementRefused', `The text holds ${more.length + 1} statements: send them one by one.`)
    return { tree, serialized }
  }

  async serialized(sql: string): Promise<string> {
    this.serialize.bindVarchar(1, sql)
    return String((await this.serialize.run()).getChunk(0).getRows()[0]?.[0])
  }
}

function parseError(answer: Node, sql: string): ServiceError {
  if (answer.error_type !== 'parser') {
    return new ServiceError('statementRefused', 'Only queries are allowed: SELECT, FROM, VALUES, DESCRIBE, SHOW TABLES or SUMMARIZE.')
  }
  const position = answer.position === undefined ? undefined : utf16Index(sql, 'characters', Number(answer.position))
  return new ServiceError('sqlSyntax', String(answer.error_message), { ...(position !== undefined && { position }) })
}
