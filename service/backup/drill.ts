import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { withPostgres } from '../catalog/connect-postgres.ts'
import { bytesOf, nothing } from '../engine/maintenance/maintenance-report.ts'
import { type FileStore, openStore } from '../files/file-store.ts'
import { StartupError } from '../startup-error.ts'
import { Store } from '../store/store.ts'
import { backUp } from './back-up.ts'
import { newestBackup, readBackup } from './find-backup.ts'
import type { LakeAtHand } from './lake-at-hand.ts'
import type { Manifest } from './manifest.ts'
import { openBackups, type Program, recorded } from './program.ts'
import { restoreBackup } from './restore-backup.ts'
import { openScratch } from './scratch-target.ts'

type DrillProgram = Program<{ readonly from?: string | undefined; readonly id?: string | undefined }>

/** Commits that are not in the backup, and how old they are. */
interface Lost {
  readonly commits: number
  readonly oldestSeconds: number
  readonly newestSeconds: number
}

/** What a drill found, for programs. */
export interface DrillReport {
  readonly id: string
  readonly place: string
  readonly snapshotId: string
  readonly tableCount: number
  readonly fileCount: number
  readonly bytes: number
  /** What a loss right now would cost. */
  readonly lost: Lost
  readonly restoreMs: number
}

/** Restores the newest backup, or the one that was named, aside of the lake; without a place of backups, one that is made for it. It is read
 * as `npm run restore` reads it, and removed. @throws StartupError that names what a restore would have failed on */
export async function drill(lake: LakeAtHand, program: DrillProgram): Promise<DrillReport> {
  const { options, config } = program
  const store = new Store(lake.service)
  try {
    return await recorded(store, 'restore-drill', async () => {
      if (options.from !== undefined || config.externalLake?.backups) {
        const from = await openBackups(config, options.from, '--from')
        return tryBackup(lake, from, await chosen(from, options.id), program)
      }
      const folder = mkdtempSync(join(tmpdir(), 'restore-drill-'))
      try {
        const from = await openStore(folder)
        const { manifest } = await backUp(lake, from, {
          catalogOnly: false,
          checksums: true,
          limits: config.engine,
          say: program.say,
          signal: program.signal,
        })
        return await tryBackup(lake, from, manifest, program)
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    })
  } finally {
    await store.close()
  }
}

async function chosen(from: FileStore, id: string | undefined): Promise<Manifest> {
  const manifest = id === undefined ? await newestBackup(from) : await readBackup(from, id)
  if (!manifest) throw new StartupError(`There is no backup in ${from.place}: npm run backup makes one.`)
  return manifest
}

async function tryBackup(lake: LakeAtHand, from: FileStore, manifest: Manifest, { config, say, signal }: DrillProgram) {
  const target = await openScratch(config, manifest.catalogOnly, { say, signal })
  const started = performance.now()
  let restoreMs: number
  try {
    await restoreBackup(from, manifest, target, { limits: config.engine, say, signal })
    restoreMs = performance.now() - started
  } finally {
    await target.stop()
  }
  const { tables, files, snapshotId } = manifest
  say(`The backup ${manifest.id} can be restored: ${tables.length} tables and ${files.length} files are as they were.`)
  const lost = await lostSince(lake, snapshotId)
  say(`RPO  ${lostText(lost)}`)
  say(`RTO  ${(restoreMs / 1_000).toFixed(1)} s for a restore of ${bytesOf(files)} bytes`)
  const report = { ...nothing, fileCount: files.length, bytes: bytesOf(files) }
  const counts = { tableCount: tables.length, fileCount: files.length, bytes: bytesOf(files) }
  const result = { id: manifest.id, place: from.place, snapshotId, ...counts, lost, restoreMs: Math.round(restoreMs) }
  return { result, outcome: { report, snapshotId } }
}

/** What a loss of the lake right now would cost. */
async function lostSince({ connections }: LakeAtHand, snapshotId: string): Promise<Lost> {
  const { rows } = await withPostgres(connections.reader.catalog, client =>
    client.query<{ commits: string; first: string | null; last: string | null }>(
      `SELECT count(*) AS commits, round(extract(epoch FROM now() - min(snapshot_time)), 1) AS first,
         round(extract(epoch FROM now() - max(snapshot_time)), 1) AS last
       FROM public.ducklake_snapshot WHERE snapshot_id > $1`,
      [snapshotId],
    ),
  )
  const { commits = '0', first, last } = rows[0] ?? {}
  return { commits: Number(commits), oldestSeconds: Number(first ?? 0), newestSeconds: Number(last ?? 0) }
}

function lostText({ commits, oldestSeconds: first, newestSeconds: last }: Lost): string {
  if (commits === 0) return '0 s: every commit is in the backup'
  const oldest = first.toFixed(1)
  return `${oldest} s: ${commits} commits are not in the backup, the oldest of them ${oldest} s old, the newest ${last.toFixed(1)} s`
}
