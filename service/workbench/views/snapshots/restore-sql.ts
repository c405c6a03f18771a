import { momentText } from '../../format/moment.ts'
import { quoteTable } from '../../sql/quote-name.ts'

interface Restore {
  readonly schema: string
  readonly table: string
  readonly version: string
  /** When the version was made, if that is known. */
  readonly at?: string | undefined
  /** Whether there is a table of that name now. */
  readonly isThere: boolean
}

/** The statement that makes a table what it was, with comments that say what it will do. Nobody runs it but who reads it. */
export function restoreSql({ schema, table, version, at, isThere }: Restore): string {
  const name = quoteTable(schema, table)
  const when = at === undefined ? '' : `, ${momentText(at)}`
  const what = isThere
    ? [
        `Makes ${name} what it was in version ${version}${when}.`,
        'Rows that came since then go, rows that went come back, columns become those of then.',
      ]
    : [`Makes ${name} again, as it was in version ${version}${when}: there is no table of that name now.`]
  const lines = [
    ...what,
    'It is one new version of the lake: all others stay, so the same way leads back.',
    'Lost are NOT NULL, defaults, comments, partitions and the sort order: the table is made anew.',
    'Nothing has happened yet. Ctrl+Enter runs it; it needs a key with the scope ddl.',
  ]
  const comment = lines.map(line => `-- ${line.replace(/[\r\n\u2028\u2029]+/g, ' ')}`).join('\n')
  return `${comment}\nCREATE ${isThere ? 'OR REPLACE ' : ''}TABLE ${name} AS\nFROM ${name} AT (VERSION => ${version})`
}
