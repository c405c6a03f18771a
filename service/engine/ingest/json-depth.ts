import type { DuckDBConnection } from '@duckdb/node-api'
import { ServiceError } from '../../errors.ts'

/** How deep a JSON value may be: whoever reads it later walks down with calls of functions. */
const maxDepth = 500

/** Values that are looked at more closely, those with the most brackets first. */
const looked = 10

/** @param values a query for `line` and `json`. @param longest the bytes of the longest of them: a short one cannot be deep.
 * @throws ServiceError dataInvalid with the number of the value that is deeper. */
export async function assertNotTooDeep(connection: DuckDBConnection, values: string, longest: number): Promise<void> {
  if (longest <= 2 * maxDepth) return
  const brackets = `strlen(json) - strlen(replace(replace(json, '[', ''), '{', ''))`
  const suspects = await connection.runAndReadAll(`
    SELECT line, json::VARCHAR FROM (SELECT line, json, ${brackets} AS brackets FROM (${values}) WHERE strlen(json) > ${2 * maxDepth})
    WHERE brackets > ${maxDepth} ORDER BY brackets DESC LIMIT ${looked}`)
  for (const [line, json] of suspects.getRows())
    if (depthOf(String(json)) > maxDepth)
      throw new ServiceError('dataInvalid', `Value ${line} is nested more than ${maxDepth} levels deep.`)
}

function depthOf(json: string): number {
  let [depth, deepest, inText] = [0, 0, false]
  for (let at = 0; at < json.length; at += 1) {
    const letter = json[at]
    if (inText) {
      if (letter === '\\') at += 1
      else if (letter === '"') inText = false
    } else if (letter === '"') inText = true
    else if (letter === '[' || letter === '{') {
      depth += 1
      deepest = Math.max(deepest, depth)
    } else if (letter === ']' || letter === '}') depth -= 1
  }
  return deepest
}
