import { reachable } from '../api/ask.ts'
import { catalogue } from '../catalogue/catalogue.ts'
import { Icon } from '../parts/icon.tsx'
import { addressOf, route } from '../router.ts'
import { signOut } from '../session.ts'
import { viewNames } from '../view-names.ts'
import { views } from '../views.ts'
import { paletteOpen, sheetOpen, sidebar } from './shortcuts.ts'

export function Header() {
  return (
    <header class="header">
      <button
        type="button"
        class="quiet"
        aria-pressed={sidebar.value}
        aria-label="Catalogue"
        title="Show or hide the catalogue (Ctrl+B)"
        onClick={() => {
          sidebar.value = !sidebar.peek()
        }}
      >
        <Icon name="sidebar" />
      </button>
      <h1>DuckLake</h1>
      <nav aria-label="Views">
        {viewNames.map(name => (
          <a key={name} href={addressOf(name)} aria-current={route.value.view === name ? 'page' : undefined}>
            {views[name].title}
          </a>
        ))}
      </nav>
      <span class="space" />
      {!reachable.value && <span class="warning">The service does not answer</span>}
      {catalogue.value && <span class="muted head-version">version {catalogue.value.snapshotId}</span>}
      <button
        type="button"
        class="quiet"
        aria-label="Find"
        title="Find a table, a query, something to do (Ctrl+K)"
        onClick={() => {
          paletteOpen.value = true
        }}
      >
        <Icon name="search" />
      </button>
      <button
        type="button"
        class="quiet"
        aria-label="Keys"
        title="Keys (?)"
        onClick={() => {
          sheetOpen.value = true
        }}
      >
        ?
      </button>
      <button type="button" class="quiet" onClick={signOut}>
        Sign out
      </button>
    </header>
  )
}
