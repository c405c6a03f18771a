import type { DuckDBConnection } from '@duckdb/node-api'
import { ServiceError } from '../../errors.ts'
import { inspectStatement } from '../inspect-statement.ts'
import { sameName } from '../same-name.ts'
import { serialize, statementOf } from '../statement-tree.ts'
import { ComposedText } from './composed-text.ts'
import { isToken } from './cursor.ts'
import type { JudgedTree } from './judge-part.ts'
import type { Token } from './token.ts'
import type { JudgedPart } from './write-statement.ts'

/** Writes the schema before every table of a view's query, and takes the lake's own name away: DuckDB would look for a name without one in
 * the view's schema first, and whoever attaches the lake under another name could not read the view.
 * @throws ServiceError if a name is not where the tree has it */
export async function qualifyTables(duckdb: DuckDBConnection, { part, probe, node }: JudgedTree): Promise<JudgedPart> {
  const bytes = Buffer.from(probe.text)
  const starts = new Set<number>()
  for (const { location } of inspectStatement(node).tables) {
    const place = probe.placeOf(bytes.subarray(0, location).toString().length)
    if (place === undefined) throw unclear(undefined)
    starts.add(place)
  }
  const tokens: Token[] = []
  for (let index = 0; index < part.tokens.length; ) {
    const token = part.tokens[index]
    if (token && starts.delete(token.start)) {
      const name = readName(part.tokens, index)
      tokens.push(...name.tokens)
      index += name.length
    } else {
      if (token) tokens.push(token)
      index += 1
    }
  }
  const [lost] = starts
  if (lost !== undefined) throw unclear(lost)
  const qualified = { ...part, tokens }
  const text = new ComposedText([{ text: '(\n' }, qualified, { text: '\n)' }]).text
  const before = inspectStatement(node).tables.map(({ schema, name }) => `${schema || 'main'}.${name}`)
  const after = inspectStatement(statementOf(await serialize(duckdb, text), text)).tables
  const same = after.every(({ schema }) => schema !== '') && after.map(({ schema, name }) => `${schema}.${name}`).join() === before.join()
  if (!same) throw unclear(undefined)
  return qualified
}

/** The name that begins at a token, as `"schema"."name"`. @returns how many tokens it had */
function readName(tokens: readonly Token[], index: number): { readonly tokens: readonly Token[]; readonly length: number } {
  const parts: Token[] = []
  let length = 0
  for (let at = index; at < tokens.length; at += 1) {
    const token = tokens[at]
    if (token?.kind === 'space' || token?.kind === 'comment') continue
    const isDot = isToken(token, '.')
    if (parts.length > 0 && !isDot && !isToken(previous(tokens, at), '.')) break
    if (token && !isDot) parts.push(token)
    length = at - index + 1
  }
  const [first] = parts
  const names = first && parts.length > 1 && sameName(first.value) === 'lake' ? parts.slice(1) : parts
  const last = names.at(-1)
  const at = last ?? tokens[index]
  const ours = (value: string, plain: string): Token => ({ kind: 'symbol', start: at?.start ?? 0, end: at?.end ?? 0, value, plain })
  const schema = names.length > 1 ? names.slice(0, -1) : [ours('main', '"main"')]
  return { tokens: [...schema.flatMap(name => [name, ours('.', '.')]), ...(last ? [last] : [])], length }
}

function previous(tokens: readonly Token[], at: number): Token | undefined {
  for (let index = at - 1; index >= 0; index -= 1) {
    const token = tokens[index]
    if (token?.kind !== 'space' && token?.kind !== 'comment') return token
  }
  return undefined
}

function unclear(position: number | undefined): ServiceError {
  const detail = 'The tables of a view are kept with their schemas, and one of them cannot be told here: write schema.table yourself.'
  return new ServiceError('statementRefused', detail, position === undefined ? {} : { position })
}
