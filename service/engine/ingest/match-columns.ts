import { ServiceError } from '../../errors.ts'
import { sameName } from '../same-name.ts'
import { maxColumns, type TargetColumn } from './source.ts'

/** A column of the source and the one that it is written to. */
export interface Match {
  readonly source: string
  readonly target: TargetColumn
}

/** Finds the target of each of the source's columns, by name as DuckDB compares them: without regard to case.
 * @throws ServiceError dataInvalid for columns that the target does not have, and for required ones that the source does not have. */
export function matchColumns(names: readonly string[], target: readonly TargetColumn[]): readonly Match[] {
  assertColumns(names)
  const matches = names.flatMap(source => {
    const found = target.find(({ name }) => sameName(name) === sameName(source))
    return found ? [{ source, target: found }] : []
  })
  const unknown = names.filter(name => !matches.some(({ source }) => source === name))
  if (unknown.length > 0) {
    const columns = listed(target.map(({ name }) => name))
    throw new ServiceError('dataInvalid', `The table has no ${listed(unknown)}: rename or leave out. Its columns are ${columns}.`)
  }
  const missing = target.filter(({ name, required }) => required && !matches.some(match => match.target.name === name))
  if (missing.length > 0)
    throw new ServiceError('dataInvalid', `The data has no ${listed(missing.map(({ name }) => name))}, which must not be NULL.`)
  return matches
}

/** @throws ServiceError dataInvalid if there are none, too many, or two of the same name, or one that is none. */
export function assertColumns(names: readonly string[]): void {
  if (names.length === 0) throw new ServiceError('dataInvalid', 'The data is empty: it has no columns.')
  if (names.length > maxColumns)
    throw new ServiceError(
      'dataInvalid',
      `The data has ${names.length} columns, ${maxColumns} are allowed: the first beyond is ${shown(names[maxColumns] ?? '')}.`,
    )
  const seen = new Map<string, number>()
  names.forEach((name, index) => {
    if (name === '') throw new ServiceError('dataInvalid', `Column ${index + 1} of the data has no name.`)
    if (name.includes('\0')) throw new ServiceError('dataInvalid', `Column ${index + 1} of the data has a NUL in its name.`)
    const before = seen.get(sameName(name))
    if (before !== undefined)
      throw new ServiceError(
        'dataInvalid',
        `Columns ${before + 1} and ${index + 1} of the data are both named ${shown(name)}: upper and lower case are the same.`,
      )
    seen.set(sameName(name), index)
  })
}

/** Names that an error shows. */
const shownNames = 10

function listed(names: readonly string[]): string {
  const more = names.length > shownNames ? ` and ${names.length - shownNames} more` : ''
  return names.slice(0, shownNames).map(shown).join(', ') + more
}

function shown(name: string): string {
  return `"${name.slice(0, 100)}"`
}
