import type { LakeColumn } from './delta-schema.ts'

/** What columns and their parts are called in the log, by their ids: below which other, a slash, and the name. */
export type PhysicalNames = Readonly<Record<string, string>>

/** Gives those a name that have none yet: the one that they began with, which is that in the oldest files, or a longer one if it was ever
 * another's. A name is never used again: statistics of old files go by it. Readers make no difference of upper and lower case.
 * @param former names of columns that are gone, in the same form: who looks for names in old files would find those columns */
export function nameColumns(known: PhysicalNames, columns: readonly LakeColumn[], former: readonly string[] = []): PhysicalNames {
  const names: Record<string, string> = { ...known }
  const taken = new Set([...Object.values(names), ...former].map(each => each.toLowerCase()))
  const name = (column: LakeColumn, parent: string) => {
    if (names[column.id] === undefined) {
      const first = `${parent}/${column.firstName}`
      let own = taken.has(first.toLowerCase()) ? `${first}_${column.id}` : first
      while (taken.has(own.toLowerCase())) own += '_'
      names[column.id] = own
      taken.add(own.toLowerCase())
    }
    for (const part of column.parts) name(part, `${column.id}`)
  }
  for (const column of columns) name(column, '')
  return names
}

export function physicalName(names: PhysicalNames, id: number): string {
  const name = names[id] ?? ''
  return name.slice(name.indexOf('/') + 1)
}
