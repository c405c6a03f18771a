import { useEffect, useState } from 'preact/hooks'
import type { TableEntry } from '../api/catalogue.ts'
import { bytesText, count, grouped } from '../format/numbers.ts'
import { Icon } from '../parts/icon.tsx'
import { ProblemBox } from '../parts/problem-box.tsx'
import { quoteName, quoteTable } from '../sql/quote-name.ts'
import { addressOf, catalogue, catalogueProblem, columnsByTable, loadCatalogue, loadColumns } from './catalogue.ts'
import { focusedLine, TreeLine } from './tree-line.tsx'

interface CatalogueTreeProps {
  /** Puts a name into what is being written. */
  readonly onInsert: (name: string) => void
  /** Shows the rows of a table. */
  readonly onOpen: (table: TableEntry) => void
  /** Shows the versions of a table. */
  readonly onVersions: (table: TableEntry) => void
}

/** Schemas, tables and columns of the lake. Arrows move and open, Enter shows a table's rows or puts a column's name into the statement. */
export function CatalogueTree({ onInsert, onOpen, onVersions }: CatalogueTreeProps) {
  const [wanted, setWanted] = useState('')
  const find = (text: string) => {
    focusedLine.value = ''
    setWanted(text)
  }
  const found = catalogue.value
  const tables = (found?.tables ?? []).filter(({ schema, name }) => `${schema}.${name}`.toLowerCase().includes(wanted.toLowerCase()))
  const schemas = [...new Set(tables.map(({ schema }) => schema))].sort(
    (a, b) => Number(b === 'main') - Number(a === 'main') || a.localeCompare(b),
  )
  return (
    <>
      <div class="tree-head">
        <label class="search">
          <Icon name="search" />
          <span class="unseen">Find a table</span>
          <input type="search" placeholder="Find a table" value={wanted} onInput={({ currentTarget }) => find(currentTarget.value)} />
        </label>
        <button
          type="button"
          class="quiet"
          aria-label="Read the catalogue again"
          title="Read the catalogue again"
          onClick={() => loadCatalogue()}
        >
          <Icon name="refresh" />
        </button>
      </div>
      {catalogueProblem.value && <ProblemBox problem={catalogueProblem.value} onRetry={() => loadCatalogue()} />}
      {found && tables.length === 0 && (
        <p class="muted tree-empty">
          {wanted === '' ? 'There are no tables yet: drop a file on the page, or make one with a statement.' : 'No table of that name.'}
        </p>
      )}
      {schemas.length > 0 && (
        <div class="tree" role="tree" aria-label="Tables of the lake">
          {schemas.map((schema, index) => (
            <SchemaItem
              key={schema}
              first={index === 0}
              {...{ schema, onInsert, onOpen, onVersions }}
              tables={tables.filter(each => each.schema === schema)}
            />
          ))}
        </div>
      )}
    </>
  )
}

interface SchemaItemProps extends CatalogueTreeProps {
  readonly schema: string
  readonly first: boolean
  readonly tables: readonly TableEntry[]
}

function SchemaItem({ schema, first, tables, onInsert, onOpen, onVersions }: SchemaItemProps) {
  const [open, setOpen] = useState(true)
  return (
    <div role="none">
      <TreeLine path={schema} level={1} open={open} onToggle={setOpen} first={first} onEnter={() => setOpen(!open)}>
        <span class="tree-name" dir="auto">
          {schema}
        </span>
        <span class="tree-more">{grouped(tables.length)}</span>
      </TreeLine>
      {open && (
        <div role="group">
          {tables.map(table => (
            <TableItem key={table.name} {...{ table, onInsert, onOpen, onVersions }} />
          ))}
        </div>
      )}
    </div>
  )
}

function TableItem({ table, onInsert, onOpen, onVersions }: CatalogueTreeProps & { readonly table: TableEntry }) {
  const { schema, name, kind, rowCount, bytes } = table
  const [open, setOpen] = useState(false)
  const columns = columnsByTable.value.get(addressOf(schema, name))
  useEffect(() => {
    if (open && !columns) loadColumns(table).catch(() => {})
  }, [open, columns])
  const size = [rowCount === null ? '' : count(rowCount, 'row'), bytes === null ? '' : bytesText(bytes)]
    .filter(text => text !== '')
    .join(' · ')
  return (
    <div role="none">
      <TreeLine
        path={addressOf(schema, name)}
        level={2}
        open={open}
        onToggle={setOpen}
        onEnter={() => onOpen(table)}
        enterText="Show rows"
        onInsert={() => onInsert(quoteTable(schema, name))}
        {...(kind === 'table' && { onVersions: () => onVersions(table) })}
        title={`${name}\n${kind} ${size}`}
      >
        <Icon name={kind} />
        <span class="tree-name" dir="auto">
          {name}
        </span>
        <span class="tree-more">{rowCount === null ? kind : grouped(rowCount)}</span>
      </TreeLine>
      {open && (
        <div role="group">
          {size !== '' && (
            <div role="none" class="tree-size muted">
              {size}
            </div>
          )}
          {columns?.map(column => (
            <div key={column.name} role="none">
              <TreeLine
                path={`${addressOf(schema, name)}${column.name}`}
                level={3}
                onEnter={() => onInsert(quoteName(column.name))}
                title={`${column.name}\n${column.type}${column.nullable ? '' : ' NOT NULL'}`}
              >
                <span class="tree-name" dir="auto">
                  {column.name}
                </span>
                <span class="tree-type">{column.type}</span>
              </TreeLine>
            </div>
          ))}
        </div>
      )}
    </div>
  )
}
