import { readRows } from '../catalogue/read-rows.ts'
import type { EnginePool } from '../engine-pool/engine-pool.ts'

/** Looks for commits by the ids of the writes that they carry. @param writes UUIDs. @returns the snapshot of each that was committed */
export async function findCommits(engines: EnginePool, writes: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const { rows } = await readRows(
    engines,
    { id: 'ducklake-platform', limits: {} },
    `SELECT snapshot_id, commit_extra_info FROM lake.snapshots() WHERE regexp_matches(commit_extra_info, '${writes.join('|')}')`,
  )
  const wanted = new Set(writes)
  return new Map(
    rows
      .flatMap(([snapshotId, info]) =>
        [...String(info).matchAll(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g)].map(([id]) => [id, String(snapshotId)] as const),
      )
      .filter(([id]) => wanted.has(id)),
  )
}
