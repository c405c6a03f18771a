import type { Action } from './action.ts'
import type { DeletionVector } from './deletion-vector.ts'

/** A file of the table's newest version, as Delta's `add` has it. */
export interface AddedFile {
  /** An absolute URI: the log lies elsewhere. */
  readonly path: string
  readonly partitionValues: Readonly<Record<string, string>>
  readonly size: number
  readonly modificationTime: number
  readonly dataChange: boolean
  readonly stats: string
  /** `ducklake.dataFile` and, where rows are deleted, `ducklake.deleteFile`: the catalog's ids. */
  readonly tags: Readonly<Record<string, string>>
  readonly deletionVector?: DeletionVector
}

/** Who made a version, and of what. */
export interface VersionNote {
  /** The publication's id. */
  readonly publication: string
  readonly snapshotId: string
  /** When the snapshot was made, to the microsecond. */
  readonly snapshotTime: string
  /** Whose commit the snapshot is. */
  readonly author: string | null
}

export interface TableMetadata {
  readonly publication: string
  readonly name: string
  readonly schemaString: string
  readonly maxColumnId: number
  readonly createdTime: number
  /** Whether this version or one before has deleted rows. */
  readonly deletionVectors: boolean
}

/** What readers must understand: columns by id, timestamps without a zone and, if there are any, deletion vectors, for which Spark pays in each
 * question even where no file has one. Writers must also keep times in the commits. */
export function protocol({ deletionVectors }: Pick<TableMetadata, 'deletionVectors'>) {
  const readerFeatures = ['columnMapping', ...(deletionVectors ? ['deletionVectors'] : []), 'timestampNtz']
  return {
    protocol: {
      minReaderVersion: 3,
      minWriterVersion: 7,
      readerFeatures,
      writerFeatures: [...readerFeatures, 'inCommitTimestamp'],
    },
  }
}

/** The first action of a version. @param timeMs later than that of the version before */
export function commitInfo(note: VersionNote, timeMs: number) {
  return {
    commitInfo: {
      timestamp: timeMs,
      inCommitTimestamp: timeMs,
      operation: 'PUBLISH',
      operationParameters: {},
      isBlindAppend: false,
      engineInfo: 'ducklake-platform',
      userMetadata: JSON.stringify(note),
    },
  }
}

/** The table is not partitioned for Delta, whatever it is in the lake: its files hold every column, and their statistics say as much. */
export function metadata({ publication, name, schemaString, maxColumnId, createdTime, deletionVectors }: TableMetadata) {
  return {
    metaData: {
      id: publication,
      name,
      format: { provider: 'parquet', options: {} },
      schemaString,
      partitionColumns: [],
      createdTime,
      configuration: {
        'delta.columnMapping.mode': 'id',
        'delta.columnMapping.maxColumnId': `${maxColumnId}`,
        ...(deletionVectors && { 'delta.enableDeletionVectors': 'true' }),
        'delta.enableInCommitTimestamps': 'true',
      },
    },
  }
}

/** @param added the action that added the file */
export function removal({ path, partitionValues, size, tags, deletionVector }: Action, timeMs: number) {
  return {
    remove: {
      path,
      deletionTimestamp: timeMs,
      dataChange: true,
      extendedFileMetadata: true,
      partitionValues,
      size,
      tags,
      ...(deletionVector !== undefined && { deletionVector }),
    },
  }
}
