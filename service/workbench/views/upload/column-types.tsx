import type { Column } from '../../api/rows.ts'
import { draft } from './draft.ts'
import { changeDraft, sending } from './load-file.ts'

/** Types that a column may have, besides the one that was guessed. */
const choices = [
  'VARCHAR',
  'BIGINT',
  'INTEGER',
  'DOUBLE',
  'DECIMAL(18,2)',
  'BOOLEAN',
  'DATE',
  'TIMESTAMP',
  'TIMESTAMP WITH TIME ZONE',
  'TIME',
  'UUID',
  'JSON',
]

/** Columns that are shown: a page with thousands of choices takes seconds. The others keep what was guessed. */
const maxShown = 500

interface ColumnTypesProps {
  readonly columns: readonly Column[]
  /** Those that were chosen. */
  readonly types: Readonly<Record<string, string>>
  /** Whether the table is made, so that its types are still open. */
  readonly changeable: boolean
}

/** The columns with the types that they would get, each to be changed. */
export function ColumnTypes({ columns, types, changeable }: ColumnTypesProps) {
  const choose = (name: string, guess: string, type: string) => {
    const { [name]: _, ...others } = draft.peek()?.types ?? {}
    changeDraft({ types: type === guess ? others : { ...others, [name]: type } })
  }
  return (
    <div class="column-types">
      <table class="plain">
        <caption>{changeable ? 'Columns, and the types that they look like' : 'Columns of the table'}</caption>
        <tbody>
          {columns.slice(0, maxShown).map(({ name, type }) => (
            <tr key={name}>
              <th scope="row" dir="auto" title={name.slice(0, 1_000)}>
                {name.length > 60 ? `${name.slice(0, 60)}…` : name}
              </th>
              <td>
                {changeable ? (
                  <select
                    class={types[name] === undefined ? '' : 'changed'}
                    value={types[name] ?? type}
                    aria-label={`Type of ${name.slice(0, 100)}`}
                    disabled={sending.value?.what === 'load'}
                    onChange={({ currentTarget }) => choose(name, type, currentTarget.value)}
                  >
                    {[type, ...choices.filter(each => each !== type)].map(each => (
                      <option key={each} value={each}>
                        {each.length > 40 ? `${each.slice(0, 40)}…` : each}
                      </option>
                    ))}
                  </select>
                ) : (
                  <code>{type}</code>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {columns.length > maxShown && <p class="muted">And {columns.length - maxShown} more.</p>}
    </div>
  )
}
