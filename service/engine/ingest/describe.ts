import type { Session } from '../open-statement.ts'
import { type DescribeOrder, type Description, describeSource } from './describe-source.ts'

/** Looks at a file of the spool, and at nothing of the lake. @throws ServiceError dataInvalid */
export function describe({ lake }: Session, { source, rows }: DescribeOrder): Promise<Description> {
  return describeSource(lake, source, rows)
}
