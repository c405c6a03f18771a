import { computed } from '@preact/signals'
import type { TableOf } from '../../api/snapshots.ts'
import { replaceSearch, route } from '../../router.ts'

/** What the address says that is looked at: of which table, and which versions. So a link shows the same. */
export const picked = computed(() => {
  const { search } = route.value
  const table = search.get('table') ?? undefined
  const versions = [search.get('version'), search.get('and')].flatMap(each => (each !== null && /^\d{1,18}$/.test(each) ? [each] : []))
  return { of: table === undefined ? undefined : { schema: search.get('schema') ?? 'main', table }, versions }
})

export function pickTable(of: TableOf | undefined): void {
  replaceSearch(searchOf(of, []))
}

/** One version alone. */
export function pickVersion(id: string): void {
  replaceSearch(searchOf(picked.peek().of, [id]))
}

/** A second one beside the first, or the first without the second. */
export function pickBeside(id: string): void {
  const { of, versions } = picked.peek()
  const [first] = versions
  const next = versions.includes(id) ? versions.filter(each => each !== id) : first === undefined ? [id] : [first, id]
  replaceSearch(searchOf(of, next))
}

/** The difference of two versions of a table. */
export function compare(of: TableOf, from: string, to: string): void {
  replaceSearch(searchOf(of, [from, to]))
}

/** As it stands in an address. */
export function searchOf(of: TableOf | undefined, [version, and]: readonly string[]): Record<string, string> {
  return {
    ...(of && { schema: of.schema, table: of.table }),
    ...(version !== undefined && { version }),
    ...(and !== undefined && { and }),
  }
}
