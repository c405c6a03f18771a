import type { Draft } from './draft.ts'
import { changeDraft } from './load-file.ts'

const delimiters = [
  ['', 'found out'],
  [',', 'comma'],
  [';', 'semicolon'],
  ['\t', 'tab'],
  ['|', 'bar'],
] as const

/** How the CSV is written, where the service cannot know. */
export function CsvFields({ csv }: Pick<Draft, 'csv'>) {
  return (
    <>
      <label>
        Between values
        <select value={csv.delimiter} onChange={({ currentTarget }) => changeDraft({ csv: { ...csv, delimiter: currentTarget.value } })}>
          {delimiters.map(([value, text]) => (
            <option key={text} value={value}>
              {text}
            </option>
          ))}
        </select>
      </label>
      <label>
        First line
        <select
          value={csv.header ? 'names' : 'rows'}
          onChange={({ currentTarget }) => changeDraft({ csv: { ...csv, header: currentTarget.value === 'names' } })}
        >
          <option value="names">has the names</option>
          <option value="rows">is a row</option>
        </select>
      </label>
      <label>
        NULL is written
        <input
          class="short"
          value={csv.nullText}
          placeholder="nothing"
          maxLength={64}
          onInput={({ currentTarget }) => changeDraft({ csv: { ...csv, nullText: currentTarget.value } })}
        />
      </label>
    </>
  )
}
