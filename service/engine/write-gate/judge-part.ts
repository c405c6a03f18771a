import type { DuckDBConnection } from '@duckdb/node-api'
import type { Grants } from '../../access/grants.ts'
import type { TableName } from '../../catalog/table-name.ts'
import { ServiceError } from '../../errors.ts'
import type { Gate } from '../gate.ts'
import { isNode, type Node, serialize, statementOf } from '../statement-tree.ts'
import { ComposedText } from './composed-text.ts'
import { type JudgedPart, own, type Part } from './write-statement.ts'

/** What the read gate found in a part of a statement. */
export interface JudgedTree {
  readonly part: JudgedPart
  /** The SELECT that was judged in its place. */
  readonly probe: ComposedText
  readonly node: Node
  readonly tables: readonly TableName[]
}

/** A SELECT that holds the part where it means the same as in the statement, and the fields of its tree that the part fills. All others
 * must be as they are without it: then the part is what we took it for, whatever our reading of its text was. */
const probes = {
  query: { before: '(\n', after: '\n)', example: undefined, fills: [] },
  expression: { before: 'SELECT (\n', after: '\n)', example: 'SELECT (\nNULL\n)', fills: ['select_list'] },
  tables: { before: 'SELECT NULL FROM\n', after: '\n', example: 'SELECT NULL FROM\nt\n', fills: ['from_table'] },
  ctes: { before: '', after: '\nSELECT NULL', example: 'SELECT NULL', fills: [] },
} as const

/** Hands a part of a statement to the read gate. @param ctes the WITH of the statement, which the part sees
 * @throws ServiceError with the place in the caller's text */
export async function judgePart(
  duckdb: DuckDBConnection,
  gate: Gate,
  part: JudgedPart,
  ctes: readonly Part[],
  grants: Grants,
): Promise<JudgedTree> {
  const { before, after, example, fills } = probes[part.as]
  const probe = new ComposedText([...(part.as === 'ctes' ? [] : ctes.flatMap(cte => [cte, own('\n')])), own(before), part, own(after)])
  try {
    const node = statementOf(await serialize(duckdb, probe.text), probe.text)
    const wanted = example && statementOf(await serialize(duckdb, example), example)
    if (wanted && (shapeOf(node, fills) !== shapeOf(wanted, fills) || !isOneExpression(part, node))) throw misread(part)
    const { tables } = await gate.check(probe.text, { ...(grants && { grants }) })
    return { part, probe, node, tables }
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    const position = error.place.position === undefined ? part.tokens[0]?.start : probe.placeOf(error.place.position)
    throw new ServiceError(error.code, error.detail, position === undefined ? {} : { position })
  }
}

/** The tree without what the part fills, and without places. */
function shapeOf(node: Node, fills: readonly string[]): string {
  return JSON.stringify({ ...node, cte_map: null }, (key, value: unknown) =>
    key === 'query_location' || fills.includes(key) ? undefined : value,
  )
}

function isOneExpression({ as }: JudgedPart, { select_list: list }: Node): boolean {
  if (as !== 'expression') return true
  const [first] = Array.isArray(list) ? list : []
  return Array.isArray(list) && list.length === 1 && isNode(first) && first.alias === ''
}

function misread({ as, tokens }: JudgedPart): ServiceError {
  const position = tokens[0]?.start
  return new ServiceError(
    'statementRefused',
    `This part of the statement is not read as ${as === 'expression' ? 'one expression' : as}: write it more simply.`,
    position === undefined ? {} : { position },
  )
}
