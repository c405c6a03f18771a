import type { LiveFile } from './live-files.ts'

/** The files that a merge would take: neighbours of one shape without deleted rows, until they are large enough together, at least two of
 * them. @param files of one table, in DuckLake's order. */
export function planMerge(files: readonly LiveFile[]): LiveFile[] {
  const withDeletes = new Set(files.filter(({ kind }) => kind === 'delete').map(({ dataFileId }) => dataFileId))
  const shapes = new Map<string, LiveFile[]>()
  for (const file of files) {
    if (file.kind !== 'data' || withDeletes.has(file.id) || file.bytes >= file.targetBytes) continue
    shapes.set(file.shape, [...(shapes.get(file.shape) ?? []), file])
  }
  return [...shapes.values()].flatMap(neighbours =>
    groupsOf(neighbours)
      .filter(group => group.length > 1)
      .flat(),
  )
}

function groupsOf(files: readonly LiveFile[]): LiveFile[][] {
  const groups: LiveFile[][] = []
  let room = 0
  for (const file of files) {
    const group = groups.at(-1)
    if (group && room > 0) group.push(file)
    else {
      groups.push([file])
      room = file.targetBytes
    }
    room -= file.bytes
  }
  return groups
}

/** The files that a rewrite would take, with their delete files. @param files of one table. */
export function planRewrite(files: readonly LiveFile[], deletedShare: number): LiveFile[] {
  const deletes = new Map(files.filter(({ kind }) => kind === 'delete').map(file => [file.dataFileId, file]))
  return files.flatMap(file => {
    const deleted = file.kind === 'data' ? deletes.get(file.id) : undefined
    return deleted && deleted.rowCount >= deletedShare * file.rowCount ? [file, deleted] : []
  })
}
