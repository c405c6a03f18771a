import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { withPostgres } from '../catalog/connect-postgres.ts'
import type { BucketPlace } from '../catalog/lake-connection.ts'
import { quoteName } from '../catalog/quote.ts'
import type { Config } from '../config.ts'
import { foldersOf } from '../embedded/lake-folder.ts'
import type { ExternalLake } from '../read-lake.ts'
import { StartupError } from '../startup-error.ts'
import { type OpenTarget, openTarget } from './restore-targets.ts'

interface Progress {
  readonly say: (line: string) => void
  readonly signal: AbortSignal
}

/** Somewhere to restore to for a moment; `stop` removes it. Beside the lake where its servers can be used: another database, and a part of the
 * backups' bucket. Else in a temporary folder of this machine, with a PostgreSQL of its own. */
export async function openScratch(config: Config, catalogOnly: boolean, progress: Progress): Promise<OpenTarget> {
  const { externalLake } = config
  if (externalLake?.administrator && externalLake.backups)
    return besideTheLake(config, externalLake, externalLake.backups, catalogOnly, progress)
  if (catalogOnly)
    throw new StartupError(
      'A backup without files can only be tried where the files are: that needs CATALOG_ADMIN_PASSWORD and S3_BACKUP_PATH.',
    )
  const lakeDir = mkdtempSync(join(tmpdir(), 'restore-drill-'))
  const remove = () => {
    for (const folder of [lakeDir, foldersOf(lakeDir).base]) rmSync(folder, { recursive: true, force: true })
  }
  try {
    const target = await openTarget({ ...config, lakeDir, spoolDir: join(lakeDir, 'spool'), externalLake: undefined }, progress)
    const stop = async () => {
      await target.stop()
      remove()
    }
    return { ...target, stop }
  } catch (error) {
    remove()
    throw error
  }
}

async function besideTheLake(
  config: Config,
  external: ExternalLake,
  backups: BucketPlace,
  catalogOnly: boolean,
  progress: Progress,
): Promise<OpenTarget> {
  const name = `drill_${randomBytes(6).toString('hex')}`
  const database = `${external.catalog.database}_${name}`
  const { keyId, secret } = backups
  const ofBackups = { keyId, secret }
  const { reader, writer, maintenance } = external.classes
  const classes = {
    reader: { ...reader, key: ofBackups },
    writer: { ...writer, key: ofBackups },
    maintenance: { ...maintenance, key: ofBackups },
  }
  const place = { dataPath: `s3://${backups.bucket}/${backups.prefix}${name}/`, classes }
  // Without copies of its files a catalog can only be tried on the lake's own, by those who may only read them.
  const scratch = { ...external, catalog: { ...external.catalog, database }, ...(!catalogOnly && place) }
  const target = await openTarget({ ...config, externalLake: scratch }, progress)
  const stop = async () => {
    await target.stop()
    await withPostgres(target.administrator, server => server.query(`DROP DATABASE IF EXISTS ${quoteName(database)} WITH (FORCE)`))
    if (!catalogOnly) for await (const { path } of target.files.list()) await target.files.remove(path)
  }
  return { ...target, stop }
}
