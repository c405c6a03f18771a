import type { Scope } from '../../access/scopes.ts'
import type { TableName } from '../../catalog/table-name.ts'
import type { OwnText } from './composed-text.ts'
import type { Fragment } from './cursor.ts'

export const writeKinds = [
  'insert',
  'update',
  'delete',
  'merge',
  'createTable',
  'createView',
  'createSchema',
  'alterTable',
  'alterView',
  'dropTable',
  'dropView',
  'dropSchema',
  'comment',
] as const
export type WriteKind = (typeof writeKinds)[number]

/** A part of the caller's statement with what it has to be.
 * `ctes`: the WITH in front, which holds for all others; `tables`: what can stand behind FROM. */
export interface JudgedPart extends Fragment {
  readonly as: 'query' | 'expression' | 'tables' | 'ctes'
  /** For a column that is computed: its name in the target, and whether of more than one. */
  readonly column?: string
}

export type Part = OwnText | JudgedPart

/** A statement that changes the lake, taken apart. What is put together of the parts is what runs, and never the caller's text as a whole. */
export interface WriteStatement {
  readonly kind: WriteKind
  readonly scope: Extract<Scope, 'write' | 'ddl'>
  /** What is changed; a schema has no name of a table. */
  readonly target: TableName | { readonly schema: string }
  /** Another name of the target, for its expressions. */
  readonly alias?: string
  /** The columns that a query's values go into, in its order; missing where the statement does not say. */
  readonly columns?: readonly string[]
  /** A query's values go into the columns of their names. */
  readonly byName?: true
  /** The name that the target gets. */
  readonly renamedTo?: TableName
  /** A table that is made of a query: its columns' types are not known before. */
  readonly fromQuery?: true
  readonly parts: readonly Part[]
}

export function isTable(target: WriteStatement['target']): target is TableName {
  return 'name' in target
}

/** Our own SQL. @param from where in the caller's text stands what it is about */
export function own(text: string, from?: number): OwnText {
  return from === undefined ? { text } : { text, from }
}
