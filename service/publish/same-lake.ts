import type { ClientBase } from 'pg'
import { ServiceError } from '../errors.ts'
import { type Action, parseAction } from './action.ts'
import type { FoundVersion } from './delta-log.ts'
import { fileUri } from './file-uri.ts'
import { readFiles } from './read-files.ts'
import { fitsBetween, snapshotTime, type TableState } from './read-table.ts'

/** Whether a version is of a snapshot of this lake, and not of one with the same number from before it was restored. A snapshot that has
 * been expired cannot say so itself: then its neighbours and the version's files must. */
export async function isOfThisLake(catalog: ClientBase, table: TableState, found: FoundVersion): Promise<boolean> {
  const time = await snapshotTime(catalog, found.snapshotId)
  if (time !== undefined) return time === found.snapshotTime
  if (BigInt(found.snapshotId) > BigInt(table.snapshot.id) || !(await fitsBetween(catalog, found.snapshotId, found.snapshotTime)))
    return false
  const named = new Map(found.added.map(({ dataFileId, added }) => [dataFileId, parseAction(added).path]))
  const files = await readFiles(catalog, table, [...named.keys()])
  return files.every(({ dataFileId, path }) => named.get(dataFileId) === fileUri(path))
}

/** @param added a file of the log’s newest version. @throws ServiceError conflict if the lake’s files lie elsewhere */
export async function assertSamePlace(catalog: ClientBase, table: TableState, dataFileId: string, added: Action): Promise<void> {
  const [named, folder] = [added.path, fileUri(table.folder)]
  if (typeof named !== 'string' || named.startsWith(folder)) return
  // A file may lie elsewhere by itself.
  const [file] = await readFiles(catalog, table, [dataFileId])
  if (file && fileUri(file.path) === named) return
  throw new ServiceError(
    'conflict',
    `The log names ${named}, and the table’s files lie at ${folder}: the lake was restored in another place. If the other one lives on give this one an S3_PUBLISH_PATH of its own; then remove the publication and publish the table anew.`,
  )
}

export function ofAnotherHistory(snapshotId: string, { snapshot }: TableState): ServiceError {
  return new ServiceError(
    'conflict',
    `The log has a snapshot ${snapshotId} of the lake that is not the lake’s own, which is at ${snapshot.id}: it was restored from a backup. Remove the publication and publish the table anew.`,
  )
}
