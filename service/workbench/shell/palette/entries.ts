import type { QueryEntry } from '../../api/queries.ts'
import { catalogue } from '../../catalogue/catalogue.ts'
import { go } from '../../router.ts'
import { quoteTable } from '../../sql/quote-name.ts'
import { viewNames } from '../../view-names.ts'
import { openPast } from '../../views/query/open-past.ts'
import { runStatements } from '../../views/query/run-statements.ts'
import { titleOf } from '../../views/query/tab.ts'
import { activate, openTab, tabs } from '../../views/query/tabs.ts'
import { views } from '../../views.ts'
import { shortcuts } from '../shortcuts.ts'

/** Something that can be found and done. */
export interface Entry {
  readonly id: string
  readonly kind: string
  readonly label: string
  /** A key that does the same. */
  readonly keys?: string
  readonly run: () => void
}

/** What is here already: tables, open queries, views, things to do. What was asked before comes from the service. */
export function entriesHere(): readonly Entry[] {
  const tables = (catalogue.peek()?.tables ?? []).map(({ schema, name }) => ({
    id: `table ${JSON.stringify([schema, name])}`,
    kind: 'Table',
    label: schema === 'main' ? name : `${schema}.${name}`,
    run: () => {
      const sql = `FROM ${quoteTable(schema, name)}\nLIMIT 1000`
      runStatements(openTab({ sql, title: name.slice(0, 60) }), [{ sql, from: 0 }])
      go('query')
    },
  }))
  const open = tabs.peek().map(tab => ({
    id: `tab ${tab.id}`,
    kind: 'Query',
    label: titleOf(tab),
    run: () => {
      activate(tab.id)
      go('query')
    },
  }))
  const places = viewNames.map(name => ({ id: `view ${name}`, kind: 'View', label: views[name].title, run: () => go(name) }))
  const actions = shortcuts.flatMap(({ what, keys, run }) =>
    run && keys !== 'Ctrl+K' ? [{ id: `do ${keys}`, kind: 'Do', label: what, keys, run }] : [],
  )
  return [...tables, ...open, ...places, ...actions]
}

export function entryOfPast(query: QueryEntry): Entry {
  const line = query.sql.replace(/\s+/g, ' ').trim()
  return { id: `past ${query.id}`, kind: 'Asked before', label: line.slice(0, 200), run: () => openPast(query) }
}

/** Those that hold every word; what begins with the text comes first. */
export function matching(entries: readonly Entry[], text: string): readonly Entry[] {
  const wanted = text.trim().toLowerCase()
  const words = wanted.split(/\s+/)
  const found = entries.filter(({ label, kind }) => words.every(word => `${kind} ${label}`.toLowerCase().includes(word)))
  return found.toSorted((a, b) => Number(b.label.toLowerCase().startsWith(wanted)) - Number(a.label.toLowerCase().startsWith(wanted)))
}
