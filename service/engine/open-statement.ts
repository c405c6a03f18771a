import type { DuckDBConnection, DuckDBPreparedStatement, DuckDBType } from '@duckdb/node-api'
import type { TableName } from '../catalog/table-name.ts'
import type { DataFolder } from '../files/data-folder.ts'
import { bindParams } from './bind-params.ts'
import type { Gate, GatedStatement } from './gate.ts'
import type { Parameters, StatementText } from './messages.ts'
import type { PreparedConstants } from './prepared-constants.ts'

/** What an engine works with. */
export interface Session {
  readonly lake: DuckDBConnection
  readonly gate: Gate
  readonly constants: PreparedConstants
  /** The named pipe that the gateway reads. */
  readonly pipe: string
  readonly files: DataFolder
  /** That DuckDB has for large works. */
  readonly threads: number
}

/** A statement that may run, in a transaction of its own if it reads the lake. */
export interface OpenStatement {
  /** Can stand in parentheses. */
  readonly sql: string
  /** A LIMIT can be put behind it. */
  readonly appendable: boolean
  /** The version of the lake that it reads; missing if it reads no table. */
  readonly snapshotId?: string
  /** What it names of the lake. */
  readonly tables: readonly TableName[]
  /** As the statement gives them, some perhaps twice. From the caller's own text, so that an error's place fits it. DuckDB does not know
   * them before the parameters have values. */
  columnNames(): Promise<readonly string[] | undefined>
  columns(): Promise<readonly TypedColumn[]>
  /** Prepares another text around the statement, with the same parameters. It is not the caller's to destroy. */
  prepare(sql: string): Promise<DuckDBPreparedStatement>
}

export interface TypedColumn {
  readonly name: string
  readonly type: DuckDBType
}

/** Lets a statement through the gate and runs `work` with it, so that the snapshot it reports is the one that was read.
 * @throws ServiceError, or DuckDB's own error */
export async function openStatement<Result>(
  session: Session,
  { sql, params, asOf, grants, explained = false }: StatementText,
  work: (statement: OpenStatement) => Promise<Result>,
): Promise<Result> {
  const { lake, gate } = session
  // What reads nothing costs no visit to the catalog.
  const constant = grants === 'trusted' ? undefined : await gate.checkConstant(sql)
  if (constant) return work(opened(session, constant, params, text => session.constants.prepare(text)))

  await lake.run('BEGIN')
  try {
    const [[first] = []] = (await lake.runAndReadAll('FROM lake.current_snapshot()')).getRows()
    const snapshotId = String(first)
    let gated: Pick<GatedStatement, 'sql' | 'appendable' | 'tables'> = { sql, appendable: false, tables: [] }
    if (grants !== 'trusted') {
      await gate.refresh(BigInt(snapshotId))
      gated = await gate.check(sql, {
        ...(grants && { grants }),
        explained,
        ...(asOf && { asOf: 'version' in asOf ? { version: BigInt(asOf.version) } : asOf }),
      })
    }
    return await work({ ...opened(session, gated, params, text => lake.prepare(text)), snapshotId })
  } finally {
    await lake.run('ROLLBACK')
  }
}

function opened(
  { lake }: Session,
  gated: Pick<GatedStatement, 'sql' | 'appendable' | 'tables'>,
  params: Parameters | undefined,
  prepareText: (text: string) => Promise<DuckDBPreparedStatement>,
): OpenStatement {
  const prepare = async (text: string) => {
    const prepared = await prepareText(text)
    await bindParams(lake, prepared, params)
    return prepared
  }
  const columnNames = async () => {
    const prepared = await lake.prepare(gated.sql)
    const names = Array.from({ length: prepared.columnCount }, (_, index) => prepared.columnName(index))
    const parameters = prepared.parameterCount
    prepared.destroySync()
    return parameters > 0 ? undefined : names
  }
  const columns = async () => {
    const names = await columnNames()
    // With the parameters in place: without them a column such as `$a + $b` has no type yet.
    const empty = await prepare(`SELECT * FROM (\n${gated.sql}\n) LIMIT 0`)
    const result = await empty.run()
    const found = result.columnTypes().map((type, index) => ({ name: names?.[index] ?? result.columnName(index), type }))
    return found
  }
  return { sql: gated.sql, appendable: gated.appendable, tables: gated.tables, columnNames, columns, prepare }
}
