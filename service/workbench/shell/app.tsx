import { useEffect } from 'preact/hooks'
import { loadCatalogue } from '../catalogue/catalogue.ts'
import { CatalogueTree } from '../catalogue/catalogue-tree.tsx'
import { Announcements } from '../parts/announce.tsx'
import { DropAnywhere } from '../parts/drop-anywhere.tsx'
import { lazy } from '../parts/lazy.tsx'
import { go, route } from '../router.ts'
import { key, refusal } from '../session.ts'
import { quoteTable } from '../sql/quote-name.ts'
import { insertAtCursor } from '../views/query/editor-pane.tsx'
import { runStatements } from '../views/query/run-statements.ts'
import { openTab } from '../views/query/tabs.ts'
import { views } from '../views.ts'
import { Header } from './header.tsx'
import { ShortcutSheet } from './shortcut-sheet.tsx'
import { paletteOpen, sheetOpen, sidebar, useShortcuts } from './shortcuts.ts'
import { SignIn, SignInAgain } from './sign-in.tsx'

const Palette = lazy(() => import('./palette/palette.tsx').then(module => module.Palette))

/** The page: without a key a place to give one, else the catalogue and the view that the address names. */
export function App() {
  useShortcuts()
  // Not by the tree: where that is hidden, views have tables to choose from all the same.
  useEffect(() => {
    if (key.value !== undefined) loadCatalogue()
  }, [key.value])
  if (key.value === undefined) return <SignIn />
  const { Component } = views[route.value.view]
  return (
    <>
      <a class="skip" href="#main">
        To the content
      </a>
      <Header />
      <div class={`body ${sidebar.value ? '' : 'alone'}`}>
        {sidebar.value && (
          <nav class="sidebar" aria-label="Catalogue">
            <CatalogueTree
              onInsert={insertAtCursor}
              onVersions={({ schema, name }) => go('snapshots', { schema, table: name })}
              onOpen={({ schema, name }) => {
                const sql = `FROM ${quoteTable(schema, name)}\nLIMIT 1000`
                runStatements(openTab({ sql, title: name.slice(0, 60) }), [{ sql, from: 0 }])
                if (route.peek().view !== 'query') go('query')
              }}
            />
          </nav>
        )}
        <main id="main" tabIndex={-1}>
          <Component />
        </main>
      </div>
      {refusal.value !== undefined && <SignInAgain reason={refusal.value} />}
      {sheetOpen.value && <ShortcutSheet />}
      {paletteOpen.value && <Palette />}
      <DropAnywhere />
      <Announcements />
    </>
  )
}
