import { addressOf, catalogue, columnsByTable } from '../../catalogue/catalogue.ts'
import { copyText } from '../../parts/copy-text.ts'
import { Icon } from '../../parts/icon.tsx'
import { quoteName, quoteTable } from '../../sql/quote-name.ts'
import { runFromEditor } from './editor-pane.tsx'
import { active, changeTab } from './tabs.ts'

/** What an empty query can begin with. */
export function Samples() {
  const samples = samplesOf()
  const [first] = samples
  const curl = `curl -s ${location.origin}/v1/query -H "Authorization: Bearer $DUCKLAKE_KEY" -H 'Content-Type: application/sql' -d '${(first?.sql ?? 'SELECT 42').replaceAll("'", `'\\''`)}'`
  const take = (sql: string) => {
    changeTab(active.peek().id, { sql })
    queueMicrotask(() => runFromEditor(true))
  }
  return (
    <div class="empty">
      <h2>{samples.length > 1 ? 'Begin with one of these' : 'The lake has no tables yet'}</h2>
      <div class="samples">
        {samples.map(({ title, sql }) => (
          <button key={sql} type="button" class="sample" onClick={() => take(sql)}>
            <strong>{title}</strong>
            <code>{sql}</code>
          </button>
        ))}
      </div>
      <h3>The same from a terminal</h3>
      <p class="curl">
        <code>{curl}</code>
        <button type="button" class="quiet" aria-label="Copy the line" onClick={() => copyText(curl, 'The line is copied')}>
          <Icon name="copy" />
        </button>
      </p>
      <p class="muted">
        Press <kbd>?</kbd> for the keys. <a href="/docs">/docs</a> has every route.
      </p>
    </div>
  )
}

/** Of the largest table: its rows, and a count by the first column of texts. */
function samplesOf(): readonly { readonly title: string; readonly sql: string }[] {
  const [table] = (catalogue.value?.tables ?? []).toSorted((a, b) => Number(b.rowCount ?? 0) - Number(a.rowCount ?? 0))
  if (!table) return [{ title: 'An answer without a table', sql: 'SELECT 42 AS answer' }]
  const name = quoteTable(table.schema, table.name)
  const by = columnsByTable.value.get(addressOf(table.schema, table.name))?.find(({ type }) => type === 'VARCHAR')
  return [
    { title: `The first rows of ${table.name}`, sql: `FROM ${name}\nLIMIT 100` },
    by
      ? { title: `How many by ${by.name}`, sql: `SELECT ${quoteName(by.name)}, count(*) AS n\nFROM ${name}\nGROUP BY ALL\nORDER BY n DESC` }
      : { title: 'Every column at a glance', sql: `SUMMARIZE ${name}` },
  ]
}
