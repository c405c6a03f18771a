import type { DeletionsReport } from '../engine/publish/read-deletions.ts'
import type { Action } from './action.ts'
import { inlineVector } from './deletion-vector.ts'
import { type AddedFile, commitInfo, metadata, protocol, removal } from './delta-actions.ts'
import type { LakeColumn } from './delta-schema.ts'
import { deltaTypeOf } from './delta-type.ts'
import { statisticsText } from './file-statistics.ts'
import { fileUri } from './file-uri.ts'
import type { PhysicalNames } from './physical-names.ts'
import type { LakeFile } from './read-files.ts'
import type { TableState } from './read-table.ts'

export interface VersionParts {
  readonly publication: string
  readonly table: TableState
  readonly schemaString: string
  /** Whether this version or one before has deleted rows. */
  readonly deletionVectors: boolean
  /** What the version before said of itself; missing if this is the first. */
  readonly before: Pick<VersionParts, 'schemaString' | 'deletionVectors'> | undefined
  /** Later than that of the version before. */
  readonly timeMs: number
  readonly added: readonly AddedFile[]
  /** As they were added. */
  readonly removed: readonly Action[]
}

/** The lines of a version. */
export function versionActions(parts: VersionParts): object[] {
  const { publication, table, schemaString, deletionVectors, before, timeMs, added, removed } = parts
  const { snapshot, schema, name, maxColumnId } = table
  const hasSameFeatures = before?.deletionVectors === deletionVectors
  return [
    commitInfo({ publication, snapshotId: snapshot.id, snapshotTime: snapshot.time, author: snapshot.author }, timeMs),
    ...(hasSameFeatures ? [] : [protocol({ deletionVectors })]),
    ...(hasSameFeatures && before?.schemaString === schemaString
      ? []
      : [metadata({ publication, name: `${schema}.${name}`, schemaString, maxColumnId, createdTime: timeMs, deletionVectors })]),
    ...removed.map(file => removal(file, timeMs)),
    ...added.map(add => ({ add })),
  ]
}

/** A file as a version adds it. @param deletions of its delete file, if it has one */
export function addedFile(
  file: LakeFile,
  columns: readonly LakeColumn[],
  names: PhysicalNames,
  modificationTime: number,
  deletions: DeletionsReport['files'][number] | undefined,
): AddedFile {
  const { dataFileId, deleteFileId, path, bytes, rowCount, statistics } = file
  return {
    path: fileUri(path),
    partitionValues: {},
    size: bytes,
    modificationTime,
    dataChange: true,
    stats: statisticsText(rowCount, statistics, typesOf(columns), names, deletions !== undefined),
    tags: { 'ducklake.dataFile': dataFileId, ...(deleteFileId !== null && { 'ducklake.deleteFile': deleteFileId }) },
    ...(deletions && { deletionVector: inlineVector(deletions) }),
  }
}

/** Columns of a file that have statistics: as many as Delta’s own writers give it by default. */
const indexedColumns = 32

/** Of the first columns, those without parts: only these have statistics of their own. */
function typesOf(columns: readonly LakeColumn[]): ReadonlyMap<number, string> {
  return new Map(
    columns.slice(0, indexedColumns).flatMap(({ id, type }) => {
      const delta = deltaTypeOf(type)
      return delta === undefined ? [] : [[id, delta] as const]
    }),
  )
}
