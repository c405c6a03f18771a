import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withPostgres } from '../../../service/catalog/connect-postgres.ts'
import type { Finding } from '../../../service/doctor/finding.ts'
import { openStore, sizesIn } from '../../../service/files/file-store.ts'
import { callService } from '../call-service.ts'
import { runLake } from '../cli/run-lake.ts'
import { deltalake } from '../python-package.ts'
import { extensionDir, temporaryFolder } from '../run-service.ts'
import { connectionsOf, type ExternalServers, startExternalServers } from '../servers/external-lake.ts'
import { noMinio } from '../servers/minio-programs.ts'
import { type Service, startOn, stopService } from '../start-service.ts'
import { publishTables } from './publish-tables.ts'
import { type DeltaReader, openDelta } from './read-delta.ts'

const missing = deltalake.install() ?? noMinio()
const skipped = process.env.CI === 'true' ? undefined : missing

describe.skipIf(skipped)(skipped ? `skipped: ${skipped}` : 'a table that is published in a bucket', () => {
  let servers: ExternalServers
  let service: Service
  const { call, write, publish } = publishTables(() => service)
  let delta: DeltaReader
  const started: Service[] = []
  const start = async (environment: Record<string, string>) => {
    const lakeDir = temporaryFolder()
    const made = await startOn({ LAKE_DIR: lakeDir, ...servers.environment, ...environment }, lakeDir)
    started.push(made)
    return made
  }
  beforeAll(async () => {
    servers = await startExternalServers()
    service = await start({ S3_PUBLISH_PATH: 's3://lake/published/' })
    await call('PUT', '/v1/settings/publish.everySeconds', { value: 0 })
  })
  afterAll(async () => {
    delta?.close()
    for (const each of started) await stopService(each)
    await servers.remove()
  })

  const sums = 'SELECT count(*)::VARCHAR, sum(id)::VARCHAR FROM'

  it('is read with the lake’s reading key, from two prefixes', async () => {
    await write(
      'CREATE TABLE events (id INTEGER)',
      'INSERT INTO events SELECT range::INT FROM range(1000)',
      'DELETE FROM events WHERE id < 7',
    )
    const { body } = await publish('events')
    expect(body).toMatchObject({ location: 's3a://lake/published/main/events/', version: 0 })
    const { storage, keys } = servers.minio
    delta = openDelta(body.location, {
      AWS_ACCESS_KEY_ID: keys.reader.keyId,
      AWS_SECRET_ACCESS_KEY: keys.reader.secret,
      AWS_ENDPOINT_URL: `http://${storage.endpoint}`,
      AWS_REGION: storage.region,
      AWS_ALLOW_HTTP: 'true',
    })
    expect(await delta.ask(`${sums} t`)).toEqual({ version: 0, rows: [['993', '499479']] })
    await write('INSERT INTO events VALUES (-1)')
    expect((await publish('events')).body).toMatchObject({ version: 1, addedFiles: 1 })
    expect(await delta.ask(`${sums} t`)).toEqual({ version: 1, rows: [['994', '499478']] })
  })

  it('keeps its files from the clean-up as long as a version that is kept has them', async () => {
    const { storage, root } = servers.minio
    const objects = await openStore({ kind: 's3', bucket: 'lake', prefix: 'of-the-tests/main/events/', ...storage, ...root })
    const { maintenance } = connectionsOf(servers.environment)
    const inCatalog = (sql: string) => withPostgres(maintenance.catalog, client => client.query(sql))
    const run = async (task: string, request = {}) => {
      const { body } = await call('POST', `/v1/maintenance/${task}`, request, undefined, { prefer: 'wait=60' })
      expect(body).toMatchObject({ state: 'succeeded' })
      return body.report.fileCount
    }
    await write('INSERT INTO events VALUES (-2)')
    await publish('events')
    await run('compact')
    expect((await publish('events')).body).toMatchObject({ version: 3, addedFiles: 1, removedFiles: 2 })
    const before = await sizesIn(objects)
    const age = () =>
      inCatalog(`UPDATE public.ducklake_files_scheduled_for_deletion SET schedule_start = schedule_start - interval '49 hours'`)
    await age()
    const scheduled = async () =>
      (await inCatalog('SELECT data_file_id, schedule_start FROM public.ducklake_files_scheduled_for_deletion ORDER BY 1')).rows
    const dates = await scheduled()
    expect(dates.length).toBeGreaterThan(0)
    expect(await run('clean-up', { dryRun: true })).toBe(0)
    expect(await scheduled()).toEqual(dates)
    expect(await run('clean-up')).toBe(0)
    expect(await sizesIn(objects)).toEqual(before)
    expect((await delta.ask(`${sums} t`, 1)).rows).toEqual([['994', '499478']])
    // As if it had been published long ago.
    await age()
    await withPostgres(
      { ...maintenance.catalog, user: 'ducklake_service', password: servers.environment.CATALOG_SERVICE_PASSWORD ?? '' },
      client => client.query(`UPDATE app.publication_version SET published_at = published_at - interval '169 hours'`),
    )
    expect(await run('clean-up')).toBeGreaterThan(0)
    expect(await delta.ask(`${sums} t`)).toEqual({ version: 3, rows: [['995', '499476']] })
    await expect(delta.ask(`${sums} t`, 1)).rejects.toThrow()
  })

  it('is looked after by the doctor, with the keys of the settings', async () => {
    const examined = async (environment: Record<string, string>) => {
      const folders = { LAKE_DIR: service.lakeDir, EXTENSION_DIR: extensionDir }
      const { out } = await runLake(['doctor', '--json'], { ...folders, ...servers.environment, ...environment })
      const { findings }: { findings: readonly Finding[] } = JSON.parse(out)
      return findings.filter(({ check }) => check === 'publications').map(({ state, what }) => [state, what])
    }
    const where = { S3_PUBLISH_PATH: 's3://lake/published/' }
    expect(await examined(where)).toEqual([['ok', 'Logs and files are there of all published tables: 1.']])
    expect(await examined({})).toEqual([['fault', 'Tables are published, 1 in all, and there is no place for their logs.']])
    const { storage, root } = servers.minio
    const objects = await openStore({ kind: 's3', bucket: 'lake', prefix: '', ...storage, ...root })
    for (const path of (await sizesIn(objects, 'of-the-tests/main/events/')).keys()) await objects.remove(path)
    expect(await examined(where)).toEqual([
      ['fault', expect.stringMatching(/^\d of \d files that version 3 of main\.events .* s3a:\/\/lake\//)],
    ])
    await objects.remove('published/main/events/_delta_log/00000000000000000001.json')
    expect(await examined(where)).toEqual([['fault', expect.stringMatching(/^The log of main\.events .*0001\.json is not there\.$/)]])
  })

  it('needs a place, and rights for it', async () => {
    const { keys } = servers.minio
    for (const [environment, status, detail] of [
      [{}, 501, 'S3_PUBLISH_PATH'],
      [
        { S3_PUBLISH_PATH: 's3://lake/other/', S3_PUBLISH_KEY_ID: keys.reader.keyId, S3_PUBLISH_SECRET: keys.reader.secret },
        503,
        'AccessDenied',
      ],
    ] as const) {
      const other = callService(await start(environment))
      expect(await other('POST', '/v1/tables/main/rides/publication', {})).toMatchObject({ status: 404 })
      await other('POST', '/v1/statements', { sql: 'CREATE TABLE IF NOT EXISTS elsewhere (id INTEGER)' })
      const refused = await other('POST', '/v1/tables/main/elsewhere/publication', {})
      expect(refused).toMatchObject({ status, body: { detail: expect.stringContaining(detail) } })
      expect((await other('GET', '/v1/tables/main/elsewhere/publication')).status).toBe(404)
    }
  })
})
