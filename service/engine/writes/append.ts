import { quote, quoteName } from '../../catalog/quote.ts'
import { type TableName, tableSql } from '../../catalog/table-name.ts'
import type { Session } from '../open-statement.ts'
import { type CommitInfo, commitWrite } from './commit-write.ts'

export interface AppendOrder {
  readonly table: TableName
  /** A file of NDJSON in one of the engine's folders. */
  readonly file: string
  readonly commit: CommitInfo
}

export interface AppendReport {
  readonly snapshotId: string
  readonly rowCount: number
}

/** Adds a file's rows to a table, in one commit. */
export async function append(session: Session, { table, file, commit }: AppendOrder): Promise<AppendReport> {
  const { lake } = session
  return commitWrite(session, commit, async () => {
    const columns = (await lake.runAndReadAll(`DESCRIBE ${tableSql(table)}`)).getRows()
    const types = columns.map(([name, type]) => `${quoteName(String(name))}: ${quote(String(type))}`).join(', ')
    const rows = `read_json(${quote(file)}, format = 'newline_delimited', columns = {${types}})`
    const [[count] = []] = (await lake.runAndReadAll(`INSERT INTO ${tableSql(table)} BY NAME FROM ${rows}`)).getRows()
    return { rowCount: Number(count) }
  })
}
