import { type TableName, tableSql } from '../../catalog/table-name.ts'
import { ServiceError } from '../../errors.ts'
import { classifyError } from '../classify-error.ts'
import type { TargetColumn } from '../ingest/source.ts'
import type { Session } from '../open-statement.ts'

/** The columns of a table as the open transaction sees them. @throws ServiceError notFound */
export async function targetColumns({ lake }: Session, table: TableName): Promise<TargetColumn[]> {
  try {
    const rows = (await lake.runAndReadAll(`DESCRIBE ${tableSql(table)}`)).getRows()
    return rows.map(([name, type, nullable, , initial]) => ({
      name: String(name),
      type: String(type),
      ...(nullable === 'NO' && { notNull: true }),
      ...(nullable === 'NO' && (initial === null || initial === 'NULL') && { required: true }),
    }))
  } catch (error) {
    if (classifyError(error, '').code !== 'sqlInvalid') throw error
    throw new ServiceError('notFound', `There is no table ${table.schema}.${table.name}: make it with mode=create.`)
  }
}
