import type { FileKey } from '../store/publications.ts'

export interface FileChanges {
  /** Data files that were not there, or had other rows deleted. */
  readonly added: readonly string[]
  /** Those that are not there any more, or not so. */
  readonly removed: readonly string[]
}

/** What turns the files of one version of a table into those of another. A data file never changes, and neither does a delete file. */
export function compareFiles(before: readonly FileKey[], now: readonly FileKey[]): FileChanges {
  return { added: missing(now, before), removed: missing(before, now) }
}

/** @returns which of the first are not among the second. */
function missing(files: readonly FileKey[], others: readonly FileKey[]): string[] {
  const known = new Map(others.map(({ dataFileId, deleteFileId }) => [dataFileId, deleteFileId]))
  return files.filter(({ dataFileId, deleteFileId }) => known.get(dataFileId) !== deleteFileId).map(({ dataFileId }) => dataFileId)
}
