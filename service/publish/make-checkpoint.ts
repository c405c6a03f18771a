import { randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { CheckpointOrder, CheckpointReport } from '../engine/publish/write-checkpoint.ts'
import { findPublication, readAddedOf } from '../store/publications.ts'
import type { Store } from '../store/store.ts'
import { parseAction } from './action.ts'
import { metadata, protocol } from './delta-actions.ts'
import type { DeltaLog } from './delta-log.ts'

export interface CheckpointParts {
  readonly store: Store
  /** Has an engine write one that may write into the spool. */
  readonly writeCheckpoint: (order: CheckpointOrder) => Promise<CheckpointReport>
  readonly spoolFolder: string
}

/** Writes the newest version as a checkpoint: who reads the table begins there, and not with the first version. The log is right without. */
export async function makeCheckpoint({ store, writeCheckpoint, spoolFolder }: CheckpointParts, log: DeltaLog, id: string): Promise<void> {
  const publication = await findPublication(store.ask, id)
  if (!publication || publication.version === null || publication.columns === null) return
  const { version, columns: schemaString, schema, table, createdAt, names, deletionVectors, metadata: noted } = publication
  // Whoever has lost the lock meanwhile still gets those of this version.
  const added = await readAddedOf(store.ask, id, version)
  const maxColumnId = Math.max(...Object.keys(names).map(Number))
  const first = [
    protocol({ deletionVectors }),
    noted === null
      ? metadata({
          publication: id,
          name: `${schema}.${table}`,
          schemaString,
          maxColumnId,
          createdTime: createdAt.getTime(),
          deletionVectors,
        })
      : { metaData: parseAction(noted) },
  ]
  const file = join(spoolFolder, randomUUID())
  const [actions, target] = [`${file}.ndjson`, `${file}.parquet`]
  try {
    const lines = linesOf(first, added)
    await pipeline(Readable.from(lines), createWriteStream(actions, { mode: 0o600 }))
    const longest = lines.reduce((most, line) => Math.max(most, Buffer.byteLength(line)), 0)
    await writeCheckpoint({ actions, longest, target })
    const { size } = await stat(target)
    await log.writeCheckpoint(Number(version), createReadStream(target), {
      size: first.length + added.length,
      sizeInBytes: size,
      numOfAddFiles: added.length,
    })
  } finally {
    await Promise.all([rm(actions, { force: true }), rm(target, { force: true })])
  }
}

/** In a checkpoint no file is new. */
function linesOf(first: readonly object[], added: readonly string[]): string[] {
  const files = added.map(text => ({ add: { ...parseAction(text), dataChange: false } }))
  return [...first, ...files].map(action => `${JSON.stringify(action)}\n`)
}
