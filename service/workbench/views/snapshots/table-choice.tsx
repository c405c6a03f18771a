import type { TableOf } from '../../api/snapshots.ts'
import { catalogue } from '../../catalogue/catalogue.ts'
import { pickTable } from './picks.ts'

/** Names longer than this are cut: an option has one line. */
const maxLetters = 60

/** Of what the time line is: the whole lake, or one table; one that is gone is named too. */
export function TableChoice({ of }: { readonly of: TableOf | undefined }) {
  const tables = (catalogue.value?.tables ?? []).filter(({ kind }) => kind === 'table').map(({ schema, name }) => ({ schema, table: name }))
  const here = of === undefined ? -1 : tables.findIndex(({ schema, table }) => schema === of.schema && table === of.table)
  const gone = of !== undefined && here < 0
  return (
    <label class="choice">
      Versions of
      <select
        value={of === undefined ? 'lake' : gone ? 'gone' : String(here)}
        onChange={({ currentTarget: { value } }) => pickTable(tables[Number(value)])}
      >
        <option value="lake">the whole lake</option>
        {gone && (
          <option value="gone">
            {nameOf(of)}
            {catalogue.value && ' (gone)'}
          </option>
        )}
        {tables.map((each, index) => (
          <option key={nameOf(each)} value={String(index)}>
            {nameOf(each)}
          </option>
        ))}
      </select>
    </label>
  )
}

/** As a person reads it: the schema only where it is not `main`. */
export function nameOf({ schema, table }: TableOf): string {
  const name = schema === 'main' ? table : `${schema}.${table}`
  return name.length > maxLetters ? `${name.slice(0, maxLetters)}…` : name
}
