import { quote } from '../../catalog/quote.ts'
import type { Session } from '../open-statement.ts'

/** A checkpoint of a Delta log, as Parquet. Both files lie in the spool. */
export interface CheckpointOrder {
  /** JSON lines: an action each. */
  readonly actions: string
  /** Bytes of the longest line. */
  readonly longest: number
  readonly target: string
}

export interface CheckpointReport {
  readonly actions: number
}

const map = 'MAP(VARCHAR, VARCHAR)'

/** What an action is made of: readers expect every kind to have its column, whether there is one or not. */
const columns = {
  txn: 'STRUCT(appId VARCHAR, version BIGINT, lastUpdated BIGINT)',
  add: `STRUCT(path VARCHAR, partitionValues ${map}, size BIGINT, modificationTime BIGINT, dataChange BOOLEAN, stats VARCHAR, tags ${map},
    deletionVector STRUCT(storageType VARCHAR, pathOrInlineDv VARCHAR, "offset" INTEGER, sizeInBytes INTEGER, cardinality BIGINT))`,
  remove: `STRUCT(path VARCHAR, deletionTimestamp BIGINT, dataChange BOOLEAN)`,
  metaData: `STRUCT(id VARCHAR, name VARCHAR, description VARCHAR, format STRUCT(provider VARCHAR, options ${map}), schemaString VARCHAR,
    partitionColumns VARCHAR[], createdTime BIGINT, configuration ${map})`,
  protocol: 'STRUCT(minReaderVersion INTEGER, minWriterVersion INTEGER, readerFeatures VARCHAR[], writerFeatures VARCHAR[])',
}

/** Writes actions as the Parquet file that readers begin with instead of every version from the first. */
export async function writeCheckpoint(
  { lake }: Pick<Session, 'lake'>,
  { actions, longest, target }: CheckpointOrder,
): Promise<CheckpointReport> {
  const typed = Object.entries(columns).map(([name, type]) => `${name}: ${quote(type)}`)
  const reader = await lake.runAndReadAll(
    `COPY (SELECT * FROM read_json(${quote(actions)}, format => 'newline_delimited', columns => {${typed.join(', ')}},
       maximum_object_size => ${2 * longest + 1_048_576})) TO ${quote(target)} (FORMAT parquet)`,
  )
  return { actions: Number(reader.getRows()[0]?.[0]) }
}
