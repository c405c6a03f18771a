import type { ErrorCode } from '../../service/errors.ts'

export interface HostileStatement {
  readonly sql: string
  /** What it is after, in a few words. */
  readonly tries: string
  /** The codes it may be refused with, or `harmless`: it may run, and finds nothing. */
  readonly outcome: readonly ErrorCode[] | 'harmless'
}

type Pairs = readonly (readonly [sql: string, tries: string])[]

export function refused(group: string, pairs: Pairs): HostileStatement[] {
  return pairs.map(([sql, tries]) => ({ sql, tries: `${group}: ${tries}`, outcome: ['statementRefused'] }))
}

export function syntax(pairs: Pairs): HostileStatement[] {
  return pairs.map(([sql, tries]) => ({ sql, tries, outcome: ['sqlSyntax', 'statementRefused'] }))
}

export function tooLarge(pairs: Pairs): HostileStatement[] {
  return pairs.map(([sql, tries]) => ({ sql, tries, outcome: ['bodyTooLarge'] }))
}

export function invalid(pairs: Pairs): HostileStatement[] {
  return pairs.map(([sql, tries]) => ({ sql, tries, outcome: ['sqlInvalid', 'queryFailed', 'sqlSyntax'] }))
}

export function refusedOrInvalid(pairs: Pairs): HostileStatement[] {
  return pairs.map(([sql, tries]) => ({ sql, tries, outcome: ['statementRefused', 'sqlInvalid', 'queryFailed', 'sqlSyntax'] }))
}

export function harmless(pairs: Pairs): HostileStatement[] {
  return pairs.map(([sql, tries]) => ({ sql, tries, outcome: 'harmless' }))
}
