import { type DuckDBConnection, ResultReturnType } from '@duckdb/node-api'
import { ServiceError } from '../../errors.ts'

/** How deep a JSON value may be: whoever reads it later walks down with calls of functions. */
const maxDepth = 500

/** How often brackets with nothing between them are taken out: values with many lists and few levels have none left then. */
const peeledLevels = 8

/** @param values a query for `line` and `json`. @param longest the bytes of the longest of them: a short one cannot be deep.
 * @throws ServiceError dataInvalid with the number of the value that is deeper. */
export async function assertNotTooDeep(connection: DuckDBConnection, values: string, longest: number): Promise<void> {
  if (longest <= 2 * maxDepth) return
  const count = `strlen(json) - strlen(replace(replace(json, '[', ''), '{', ''))`
  // Texts may hold brackets too.
  const brackets = String.raw`regexp_replace(json::VARCHAR, '"(?:[^"\\]|\\.)*"|[^\[\]{}"]+', '', 'g')`
  const peeled = Array.from({ length: peeledLevels }).reduce<string>(
    inner => String.raw`regexp_replace(${inner}, '\[\]|\{\}', '', 'g')`,
    brackets,
  )
  const suspects = await connection.stream(`
    SELECT line, peeled FROM (
      SELECT line, ${peeled} AS peeled FROM (${values}) WHERE strlen(json) > ${2 * maxDepth} AND ${count} > ${maxDepth})
    WHERE strlen(peeled) > ${2 * (maxDepth - peeledLevels)}`)
  for await (const rows of suspects.yieldRows())
    for (const [line, left] of rows)
      if (depthOf(String(left)) + peeledLevels > maxDepth)
        throw new ServiceError('dataInvalid', `Value ${line} is nested more than ${maxDepth} levels deep.`)
  // A stream that failed ends like one that is through.
  if (suspects.returnType !== ResultReturnType.QUERY_RESULT) throw new ServiceError('queryFailed', 'The depth of the values was not found.')
}

/** Levels of brackets with nothing else between them. */
function depthOf(brackets: string): number {
  let [depth, deepest] = [0, 0]
  for (const letter of brackets) {
    depth += letter === '[' || letter === '{' ? 1 : -1
    deepest = Math.max(deepest, depth)
  }
  return deepest
}
