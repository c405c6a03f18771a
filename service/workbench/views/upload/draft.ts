import { computed, signal } from '@preact/signals'
import type { TableEntry } from '../../api/catalogue.ts'
import type { Column } from '../../api/rows.ts'
import { catalogue } from '../../catalogue/catalogue.ts'
import { type FileFormat, formatOf } from './format-of.ts'
import { tableNameOf, whatIsWrongWith } from './table-name.ts'

/** A file on its way into a table, and what its sender has said about it. It is kept while other views are looked at. */
export interface Draft {
  readonly file: File
  /** undefined until it is chosen, if the file's name does not say it. */
  readonly format: FileFormat | undefined
  /** By gzip. */
  readonly packed: boolean
  readonly mode: 'create' | 'append'
  readonly schema: string
  readonly table: string
  /** Of CSV: empty where the service is to find out, or has a default. */
  readonly csv: { readonly delimiter: string; readonly header: boolean; readonly nullText: string }
  /** Types in place of those that were guessed, by column. */
  readonly types: Readonly<Record<string, string>>
}

export const draft = signal<Draft | undefined>(undefined)

/** A draft of a file. @param into the table to which its rows are to be added; without one, a new table that is called like the file */
export function draftOf(file: File, into?: Pick<TableEntry, 'schema' | 'name'>): Draft {
  return {
    file,
    ...formatOf(file.name),
    mode: into ? 'append' : 'create',
    schema: into?.schema ?? 'main',
    table: into?.name ?? tableNameOf(file.name),
    csv: { delimiter: '', header: true, nullText: '' },
    types: {},
  }
}

/** What keeps it from being loaded, in a sentence; undefined if nothing does. */
export const obstacle = computed(() => {
  const { mode, schema, table, file, format } = draft.value ?? {}
  if (file?.size === 0) return 'The file is empty.'
  if (mode === undefined || table === undefined) return 'There is no file.'
  if (!format) return 'Its name does not say what is in the file: choose the format.'
  const taken = takenBy(schema ?? '', table)
  if (mode === 'append') return taken?.kind === 'table' ? undefined : 'Choose the table that gets the rows.'
  const wrong = whatIsWrongWith(table)
  if (wrong !== undefined) return wrong
  return taken ? `There is a ${taken.kind} of that name already.` : undefined
})

function takenBy(schema: string, table: string): TableEntry | undefined {
  const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()
  return catalogue.value?.tables.find(each => same(each.schema, schema) && same(each.name, table))
}

/** What the address of a request says. @param guessed columns of the file, needed where some get other types */
export function queryOf({ mode, format, csv, types }: Draft, guessed: readonly Column[] | undefined): URLSearchParams {
  const query = new URLSearchParams({ mode })
  if (format?.kind === 'csv') {
    if (csv.delimiter !== '') query.set('delimiter', csv.delimiter)
    if (!csv.header) query.set('header', 'false')
    if (csv.nullText !== '') query.set('nullText', csv.nullText)
  }
  if (mode === 'create' && guessed && guessed.some(({ name }) => types[name] !== undefined))
    query.set('columns', JSON.stringify(guessed.map(({ name, type }) => ({ name, type: types[name] ?? type }))))
  return query
}
