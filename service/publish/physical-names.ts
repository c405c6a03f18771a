import type { LakeColumn } from './delta-schema.ts'

/** What columns and their parts are called in the log, by their ids: below which other, a slash, and the name. */
export type PhysicalNames = Readonly<Record<string, string>>

/** Gives those a name that have none yet: the one that they began with, which is that in the oldest files, or a longer one if it was ever
 * another's. A name is never used again: statistics of old files go by it. */
export function nameColumns(known: PhysicalNames, columns: readonly LakeColumn[]): PhysicalNames {
  const names: Record<string, string> = { ...known }
  const taken = new Set(Object.values(names))
  const name = (column: LakeColumn, parent: string) => {
    if (names[column.id] === undefined) {
      const first = `${parent}/${column.firstName}`
      const own = taken.has(first) ? `${first}_${column.id}` : first
      names[column.id] = own
      taken.add(own)
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
