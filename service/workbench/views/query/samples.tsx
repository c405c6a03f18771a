import { addressOf, catalogue, columnsByTable } from '../../catalogue/catalogue.ts'
import { DropHere } from '../../parts/drop-here.tsx'
import { TerminalLine } from '../../parts/terminal-line.tsx'
import { quoteName, quoteTable } from '../../sql/quote-name.ts'
import { runFromEditor } from './editor-pane.tsx'
import { active, changeTab } from './tabs.ts'

/** What an empty query can begin with. */
export function Samples() {
  const samples = samplesOf()
  const isEmpty = catalogue.value?.tables.length === 0
  const [first] = samples
  const curl = `curl -s ${location.origin}/v1/query -H "Authorization: Bearer $DUCKLAKE_KEY" -H 'Content-Type: application/sql' -d '${(first?.sql ?? 'SELECT 42').replaceAll("'", `'\\''`)}'`
  const take = (sql: string) => {
    changeTab(active.peek().id, { sql })
    queueMicrotask(() => runFromEditor(true))
  }
  return (
    <div class="empty">
      {isEmpty && <DropHere />}
      <h2>{isEmpty ? 'Or try a query without a table' : 'Begin with one of these'}</h2>
      <div class="samples">
        {samples.map(({ title, sql }) => (
          <button key={sql} type="button" class="sample" onClick={() => take(sql)}>
            <strong>{title}</strong>
            <code>{sql}</code>
          </button>
        ))}
      </div>
      <TerminalLine curl={curl} />
      <p class="muted">
        {!isEmpty && 'A CSV, JSON or Parquet file can be dropped anywhere on this page to make a table of it. '}
        Press <kbd>?</kbd> for the keys. <a href="/docs">/docs</a> has every route.
      </p>
    </div>
  )
}

/** Of the largest table: its rows, and a count by the first column of texts. */
function samplesOf(): readonly { readonly title: string; readonly sql: string }[] {
  const [table] = (catalogue.value?.tables ?? []).toSorted((a, b) => Number(b.rowCount ?? 0) - Number(a.rowCount ?? 0))
  if (!table)
    return [
      { title: 'An answer', sql: 'SELECT 42 AS answer' },
      { title: 'A few numbers', sql: 'SELECT range AS n, n * n AS square\nFROM range(1, 11)' },
    ]
  const name = quoteTable(table.schema, table.name)
  const by = columnsByTable.value.get(addressOf(table.schema, table.name))?.find(({ type }) => type === 'VARCHAR')
  return [
    { title: `The first rows of ${table.name}`, sql: `FROM ${name}\nLIMIT 100` },
    by
      ? { title: `How many by ${by.name}`, sql: `SELECT ${quoteName(by.name)}, count(*) AS n\nFROM ${name}\nGROUP BY ALL\nORDER BY n DESC` }
      : { title: 'Every column at a glance', sql: `SUMMARIZE ${name}` },
  ]
}
