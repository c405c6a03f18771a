import { rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TableName } from '../catalog/table-name.ts'
import type { EnginePool } from '../engine-pool/engine-pool.ts'
import type { Owner } from '../engine-pool/pool-limits.ts'
import type { Lineage } from '../lineage/lineage.ts'
import type { Message } from '../store/queue-batches.ts'
import type { TableLocks } from '../writes/table-lock.ts'
import { idRanges } from './id-ranges.ts'

/** Whose share of the engines the queue's own work takes. */
export const queueOwner: Owner = { id: 'ducklake-queue', limits: {} }

/** How long a batch may take: as long as any message may stay on its way. */
const appendTimeoutMs = 120_000

/** How long the table may be held by others. */
const lockTimeoutMs = 60_000

export interface BatchWriter {
  readonly writers: EnginePool
  readonly tableLocks: TableLocks
  readonly lineage: Lineage
  /** Where the engine finds the rows. */
  readonly spoolFolder: string
}

export interface BatchWrite {
  /** The write's id. */
  readonly id: string
  readonly table: TableName
  readonly queue: string
  readonly messages: readonly Message[]
  readonly signal: AbortSignal
  /** Is told which engine writes it, before it begins. */
  readonly assigned: (engine: string) => Promise<void>
}

/** Adds the messages' rows to the table in one commit, which carries their ids. @returns how many rows there were
 * @throws ServiceError; a WorkError says whether the commit may be there all the same */
export async function appendBatch({ writers, tableLocks, lineage, spoolFolder }: BatchWriter, batch: BatchWrite): Promise<number> {
  const { id, table, queue, messages, assigned } = batch
  const run = lineage.begin({
    job: { kind: 'drain' },
    inputs: [],
    outputs: [{ schema: table.schema, table: table.name }],
    requestId: id,
    keyId: queueOwner.id,
    writeId: id,
  })
  const file = join(spoolFolder, `queue-${id}.ndjson`)
  try {
    await writeFile(file, messages.map(({ row }) => `${row}\n`).join(''), { mode: 0o600 })
    const order = {
      table: { schema: table.schema, name: table.name },
      mode: 'append' as const,
      source: { format: 'ndjson' as const, paths: [file] },
      maxRejects: 0,
      dryRun: false,
      author: queueOwner.id,
      note: { id, request: id, by: queueOwner.id },
      queue: { name: queue, ids: idRanges(messages.map(message => message.id)) },
    }
    const wait = { timeoutMs: lockTimeoutMs, signal: batch.signal }
    const { rowCount, snapshotId } = await tableLocks.withTable(table, 'shared', wait, signal =>
      writers.perform<'load'>({ name: 'load', order }, { timeoutMs: appendTimeoutMs, signal, assigned }, queueOwner),
    )
    run.complete({ snapshotId, rowCount })
    return rowCount
  } catch (error) {
    run.fail(error)
    throw error
  } finally {
    rmSync(file, { force: true })
  }
}
