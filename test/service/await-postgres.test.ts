import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { awaitPostgres } from '../../service/catalog/await-postgres.ts'
import { run, runModule } from './run-service.ts'
import { type PostgresServer, startPostgresServer } from './servers/postgres-server.ts'

describe('a migration that is told to wait', () => {
  let postgres: PostgresServer
  beforeAll(async () => {
    postgres = await startPostgresServer()
  })
  afterAll(() => postgres.remove())

  /** @returns what it said */
  async function wait(waitMs: number, change: object = {}): Promise<string[]> {
    const said: string[] = []
    const login = { ...postgres.administrator, ...change }
    await awaitPostgres(login, waitMs, { say: line => said.push(line), signal: AbortSignal.timeout(60_000) })
    return said
  }

  it('goes on when PostgreSQL answers, also with a refusal', async () => {
    expect(await wait(600_000)).toEqual([])
    expect(await wait(600_000, { password: 'wrong' })).toEqual([])
  })

  it('says once that it waits, and goes on when PostgreSQL has come', async () => {
    await postgres.stop()
    const waiting = wait(600_000)
    await new Promise(resolve => setTimeout(resolve, 2_500))
    await postgres.start()
    expect(await waiting).toEqual([`PostgreSQL at 127.0.0.1:${postgres.administrator.port} does not answer yet, waiting up to 600 s …`])
  })

  it('goes on after the time, to say what is wrong', async () => {
    await postgres.stop()
    expect(await wait(50)).toHaveLength(1)
    await postgres.start()
  })

  it('is told so by a number of seconds', async () => {
    const refused = runModule('migrate', {}, ['--wait', 'long'])
    expect(await refused.exit).toBe(1)
    expect(refused.output().error).toBe('--wait is "long": use a whole number of seconds up to 99999.\n')
  })
})

/** What a lake on servers needs, but for its object store. */
const catalog = Object.fromEntries(
  ['READER', 'WRITER', 'MAINTENANCE', 'SERVICE']
    .map(name => [`CATALOG_${name}_PASSWORD`, 'x'])
    .concat(['READER', 'WRITER', 'MAINTENANCE'].flatMap(name => [[`S3_${name}_KEY_ID`, 'x']]))
    .concat([['CATALOG_HOST', 'postgres']]),
)

describe.each(['server', 'migrate', 'backup', 'restore-drill'])('%s: a setting that is wrong or missing', module => {
  it.each<[Record<string, string>, string]>([
    [{ PORT: 'http' }, 'PORT is "http": use a whole number from 0 to 65535.'],
    [
      catalog,
      'A lake on S3 and PostgreSQL needs S3_ENDPOINT, S3_DATA_PATH, S3_READER_SECRET, S3_WRITER_SECRET, S3_MAINTENANCE_SECRET too: set them, or NAME_FILE with the path of a file that holds it.',
    ],
    [{ ...catalog, S3_READER_SECRET_FILE: '/nowhere' }, 'S3_READER_SECRET_FILE is "/nowhere", which cannot be read: ENOENT'],
  ])('%j ends it with one line and 78', async (environment, sentence) => {
    const refused = module === 'server' ? run(environment, []) : runModule(module, environment)
    expect(await refused.exit).toBe(78)
    expect(refused.output().error.trim().split('\n')).toEqual([expect.stringContaining(sentence)])
    expect(refused.output().out).toBe('')
  })
})
