import { secondsSince } from './backup/back-up.ts'
import { newestBackup, readBackup } from './backup/find-backup.ts'
import { openBackups, runProgram } from './backup/program.ts'
import { restoreBackup } from './backup/restore-backup.ts'
import { openTarget } from './backup/restore-targets.ts'
import { bytesOf } from './engine/maintenance/maintenance-report.ts'
import { StartupError } from './startup-error.ts'

// `npm run restore`: makes the lake of the settings out of a backup. The lake must not be there yet.

const options = { from: { type: 'string' }, id: { type: 'string' } } as const

await runProgram(options, process.argv.slice(2), async ({ config, options: { from: said, id }, say, signal }) => {
  const started = performance.now()
  const from = await openBackups(config, said, '--from')
  const manifest = id === undefined ? await newestBackup(from) : await readBackup(from, id)
  if (!manifest) throw new StartupError(`There is no backup in ${from.place}.`)
  const target = await openTarget(config, { say, signal })
  try {
    await restoreBackup(from, manifest, target, { limits: config.engine, say, signal })
  } finally {
    await target.stop()
  }
  const { id: restored, snapshotId, snapshotAt, tables, files } = manifest
  say(`The lake is as it was at ${snapshotAt}, version ${snapshotId}: ${tables.length} tables, ${files.length} files.`)
  say(`It took ${secondsSince(started)} s.`)
  const counts = { tableCount: tables.length, fileCount: files.length, bytes: bytesOf(files) }
  return { id: restored, snapshotId, snapshotAt, ...counts, elapsedMs: Math.round(performance.now() - started) }
})
