import { signal } from '@preact/signals'
import { type ViewName, viewNames } from './view-names.ts'

/** What the address's fragment says: `#/query?sql=…`. It is no part of what browsers send to servers. */
export interface Route {
  readonly view: ViewName
  readonly search: URLSearchParams
}

export const route = signal<Route>(read())

window.addEventListener('hashchange', () => {
  route.value = read()
})

export function addressOf(view: ViewName, search: Readonly<Record<string, string>> = {}): string {
  const query = new URLSearchParams(search).toString()
  return `#/${view}${query === '' ? '' : `?${query}`}`
}

export function go(view: ViewName, search: Readonly<Record<string, string>> = {}): void {
  location.hash = addressOf(view, search)
}

/** Forgets what the address says beyond the view. */
export function clearSearch(): void {
  replaceSearch({})
}

/** Says something else beyond the view, without a step in the browser's history. */
export function replaceSearch(search: Readonly<Record<string, string>>): void {
  history.replaceState(history.state, '', addressOf(route.peek().view, search))
  route.value = read()
}

function read(): Route {
  const [path = '', query = ''] = location.hash.replace(/^#\/?/, '').split(/\?(.*)/s)
  const view = viewNames.find(name => name === path) ?? 'query'
  return { view, search: new URLSearchParams(query) }
}
