import { listTables, type TableEntry } from '../../api/catalogue.ts'
import { bytesText, count, grouped } from '../../format/numbers.ts'
import { ProblemBox } from '../../parts/problem-box.tsx'
import { go } from '../../router.ts'
import { useAnswer } from './use-answer.ts'

/** Tables that are shown. */
const maxShown = 500

/** What each table takes, the largest first. */
export function StoragePart() {
  const { answer, problem, again } = useAnswer(listTables, 'tables')
  const tables = answer?.tables.filter(({ kind }) => kind === 'table').toSorted((a, b) => Number(b.bytes ?? 0) - Number(a.bytes ?? 0))
  const sum = tables?.reduce((all, { bytes }) => all + Number(bytes ?? 0), 0) ?? 0
  const largest = Number(tables?.[0]?.bytes ?? 0)
  return (
    <div class="sections">
      <section>
        <h2>Storage by table</h2>
        {problem && <ProblemBox problem={problem} onRetry={again} />}
        {tables && (
          <p class="muted">
            {count(tables.length, 'table')}, {bytesText(sum)} in the newest version. Files that only older versions need come on top:
            maintenance says how many. {tables.length > maxShown && `The largest ${maxShown} are shown.`}
          </p>
        )}
        {tables && tables.length > 0 && (
          <table class="plain wide">
            <thead>
              <tr>
                <th>Table</th>
                <th class="number">Bytes</th>
                <td />
                <th class="number">Rows</th>
                <th class="number">Files</th>
                <th class="number">Per file</th>
                <th class="number">Deleted rows</th>
                <td />
              </tr>
            </thead>
            <tbody>
              {tables.slice(0, maxShown).map(table => (
                <TableLine key={`${table.schema}.${table.name}`} table={table} largest={largest} />
              ))}
            </tbody>
          </table>
        )}
      </section>
    </div>
  )
}

function TableLine({ table, largest }: { readonly table: TableEntry; readonly largest: number }) {
  const { schema, name, rowCount, fileCount, bytes, deletedRowCount } = table
  const size = Number(bytes ?? 0)
  return (
    <tr>
      <th scope="row" class="name" dir="auto">
        {schema === 'main' ? '' : `${schema}.`}
        {name.slice(0, 120)}
      </th>
      <td class="number">{bytesText(size)}</td>
      <td class="bar">
        <meter min={0} max={Math.max(largest, 1)} value={size} aria-label={`Size of ${name.slice(0, 60)}`} />
      </td>
      <td class="number">{grouped(rowCount ?? '0')}</td>
      <td class="number">{grouped(fileCount ?? 0)}</td>
      <td class="number">{fileCount ? bytesText(size / fileCount) : ''}</td>
      <td class="number">{deletedRowCount === '0' ? '' : grouped(deletedRowCount ?? '')}</td>
      <td class="acts">
        <button type="button" aria-label={`Versions of ${name.slice(0, 60)}`} onClick={() => go('snapshots', { schema, table: name })}>
          Versions
        </button>
      </td>
    </tr>
  )
}
