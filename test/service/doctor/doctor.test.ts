import { execFileSync } from 'node:child_process'
import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type RequestListener, request } from 'node:http'
import { createServer as createEncryptedServer } from 'node:https'
import { join } from 'node:path'
import { ListMultipartUploadsCommand, ListObjectsV2Command } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withPostgres } from '../../../service/catalog/connect-postgres.ts'
import type { Finding } from '../../../service/doctor/finding.ts'
import { connectS3 } from '../../../service/storage/connect-s3.ts'
import { runLake } from '../cli/run-lake.ts'
import { extensionDir, temporaryFolder } from '../run-service.ts'
import { connectionsOf, type ExternalServers, startExternalServers } from '../servers/external-lake.ts'
import { noMinio } from '../servers/minio-programs.ts'

const skipped = process.env.CI === 'true' ? undefined : noMinio()

describe.skipIf(skipped)(skipped ? `skipped: ${skipped}` : 'lake doctor, of a lake on S3 and PostgreSQL', () => {
  let servers: ExternalServers
  const folder = temporaryFolder()
  beforeAll(async () => {
    servers = await startExternalServers()
  })
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true })
    await servers.remove()
  })

  async function examined(changed: Readonly<Record<string, string>> = {}) {
    const environment = { LAKE_DIR: folder, EXTENSION_DIR: extensionDir, ...servers.environment, ...changed }
    const { code, out, error } = await runLake(['doctor', '--json'], environment)
    const { findings }: { findings: readonly Finding[] } = JSON.parse(out)
    const told = findings.filter(({ state }) => state !== 'ok').map(({ check, state, what, todo }) => [`${state} ${check}`, what, todo])
    return { code, told, findings, error }
  }

  /** Objects, and uploads that were begun. */
  async function leftInLake() {
    const { storage, root, bucket: Bucket } = servers.minio
    const client = connectS3({ ...storage, ...root })
    const [{ Contents = [] }, { Uploads = [] }] = await Promise.all([
      client.send(new ListObjectsV2Command({ Bucket })),
      client.send(new ListMultipartUploadsCommand({ Bucket })),
    ])
    client.destroy()
    return [...Contents, ...Uploads]
  }

  it('has nothing to say of one that is well, and leaves nothing behind', async () => {
    const { code, told, findings } = await examined()
    expect({ code, told }).toEqual({ code: 0, told: [] })
    expect(await leftInLake()).toEqual([])
    const of = (check: string) => findings.filter(finding => finding.check === check).map(({ what }) => what)
    expect(of('storage')).toEqual([
      'It answers.',
      'The key of S3_READER_KEY_ID may read.',
      'The key of S3_WRITER_KEY_ID may read, write.',
      'The key of S3_MAINTENANCE_KEY_ID may read, write, delete.',
      'The key of S3_RAW_KEY_ID may read, write, delete.',
      'The key of S3_BACKUP_KEY_ID may read, write, delete.',
    ])
    expect(of('catalog').slice(1)).toEqual([
      'The role ducklake_reader may read, and no more.',
      'The role ducklake_writer may read and write.',
      'The role ducklake_maintenance may read and write.',
    ])
    expect([...of('extensions'), ...of('clock'), ...of('versions')].join('\n')).toMatch(
      /ducklake .*\nIt agrees with that of the object store\.\nIt agrees with that of the catalog\.\nNode .*\nDuckDB /s,
    )
    const { code: text, out } = await runLake(['doctor'], { LAKE_DIR: folder, EXTENSION_DIR: extensionDir, ...servers.environment })
    expect(text).toBe(0)
    expect(out).toMatch(/^ok +clock +It agrees with that of the catalog\. \(127\.0\.0\.1:\d+\/lake\)$/m)
  })

  it('names a wrong secret and a key that there is not', async () => {
    const { code, told } = await examined({ S3_WRITER_SECRET: 'another', S3_RAW_KEY_ID: 'nobody' })
    expect({ code, told }).toEqual({
      code: 1,
      told: [
        [
          'fault storage',
          'The secret of the key key-of-lake-writer is another one.',
          'Set S3_WRITER_SECRET to the secret of key-of-lake-writer.',
        ],
        ['fault storage', 'There is no key nobody.', 'Set S3_RAW_KEY_ID to one that there is, or make the user.'],
      ],
    })
  })

  it('names rights that a key lacks, and those that it should not have', async () => {
    const { environment, minio } = servers
    const lacking = { S3_WRITER_KEY_ID: environment.S3_READER_KEY_ID ?? '', S3_WRITER_SECRET: environment.S3_READER_SECRET ?? '' }
    expect((await examined(lacking)).told).toEqual([
      ['fault storage', 'The key of S3_WRITER_KEY_ID lacks PutObject.', expect.stringContaining('constructs/minio-access.ts')],
    ])
    const root = await examined({ S3_READER_KEY_ID: minio.root.keyId, S3_READER_SECRET: minio.root.secret })
    expect([root.code, root.told]).toEqual([
      0,
      [['warning storage', 'The key of S3_READER_KEY_ID has PutObject and DeleteObject, which it should not.', expect.any(String)]],
    ])
  })

  it('names a bucket that is missing, and files that are not the catalog’s', async () => {
    const { keyId, secret } = servers.minio.root
    const { code, told } = await examined({ S3_DATA_PATH: 's3://nowhere/lake/', S3_READER_KEY_ID: keyId, S3_READER_SECRET: secret })
    expect(code).toBe(1)
    expect(told).toEqual([
      ['fault storage', 'There is no bucket nowhere.', 'Make the bucket nowhere, or mend the path that names it.'],
      ...['writer', 'maintenance'].map(name => [
        'fault storage',
        `The key key-of-lake-${name} may not list the bucket nowhere, if there is one.`,
        expect.stringContaining('Make the bucket if it is missing'),
      ]),
      [
        'fault catalog',
        "The catalog's files lie in s3://lake/of-the-tests/, the service looks for them in s3://nowhere/lake/.",
        'Set S3_DATA_PATH to the former.',
      ],
    ])
  })

  it('names a catalog of another version, and one with inlining', async () => {
    const { writer } = connectionsOf(servers.environment)
    const set = (key: string, value: string) =>
      withPostgres(writer.catalog, client => client.query('UPDATE ducklake_metadata SET value = $2 WHERE key = $1', [key, value]))
    await set('version', '0.9')
    await set('data_inlining_row_limit', '10')
    const { told } = await examined()
    await set('version', '1.0')
    await set('data_inlining_row_limit', '0')
    expect(told.map(([, what]) => what)).toEqual([
      "The catalog is of DuckLake's version 0.9, this program knows version 1.0.",
      'Inlining is on (for all tables), with which a compaction can undo deletes that were acknowledged.',
    ])
  })

  it('names an extension that is missing, and one that is damaged', async () => {
    const own = join(folder, 'extensions')
    cpSync(extensionDir, own, { recursive: true })
    const files = readdirSync(own, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.duckdb_extension'))
    const file = (name: string) => join(own, files.find(each => each.endsWith(`${name}.duckdb_extension`)) ?? '')
    rmSync(file('httpfs'))
    cpSync(join(import.meta.dirname, 'doctor.test.ts'), file('ducklake'))
    const { code, told } = await examined({ EXTENSION_DIR: own })
    expect({ code, told }).toEqual({
      code: 1,
      told: [
        ['fault extensions', expect.stringContaining('The extension ducklake does not load: '), expect.stringContaining('Remove the file')],
        [
          'fault extensions',
          expect.stringMatching(/^The extension httpfs for DuckDB v[\d.]+ is not in /),
          expect.stringContaining('npm run migrate'),
        ],
      ],
    })
  })

  it('names a clock that is wrong', async () => {
    const proxy = await inFrontOf(servers.minio.storage.endpoint, 3 * 60_000)
    try {
      const { code, told } = await examined({ S3_ENDPOINT: proxy.url })
      expect(code).toBe(1)
      expect(told).toEqual([
        [
          'fault clock',
          expect.stringMatching(/^The clock of this machine is 1[78]\d s ahead of that of the object store\.$/),
          expect.any(String),
        ],
      ])
    } finally {
      proxy.server.closeAllConnections()
      proxy.server.close()
    }
  })

  it('names a password that is wrong, and encryption that the server does not have', async () => {
    const url = servers.environment.CATALOG_URL ?? ''
    expect((await examined({ CATALOG_WRITER_PASSWORD: 'another' })).told).toEqual([
      [
        'fault catalog',
        'PostgreSQL refuses the password of ducklake_writer, or has no such role.',
        expect.stringContaining('CATALOG_WRITER_PASSWORD'),
      ],
    ])
    const encrypted = { CATALOG_URL: url.replace('disable', 'require'), S3_ENDPOINT: `https://${servers.minio.storage.endpoint}` }
    expect((await examined(encrypted)).told).toEqual([
      ['fault storage', 'It does not speak TLS, which is asked of it.', expect.stringContaining('S3_TLS')],
      ['fault catalog', 'It does not speak TLS, which is asked of it.', expect.stringContaining('CATALOG_SSLMODE')],
    ])
    expect((await examined({ CATALOG_URL: url.replace('/lake?', '/other?') })).told).toEqual([
      ['fault catalog', 'There is no database other.', expect.stringContaining('npm run migrate')],
    ])
  })

  it('names a certificate that nobody trusted has signed, and trusts the authority of the settings', async () => {
    const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')]
    const words =
      'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1'
    execFileSync('openssl', [...words.split(' '), '-keyout', key, '-out', certificate], { stdio: 'ignore' })
    const tls = { key: readFileSync(key), cert: readFileSync(certificate) }
    const proxy = await inFrontOf(servers.minio.storage.endpoint, 0, tls)
    try {
      const untrusted = await examined({ S3_ENDPOINT: proxy.url })
      expect(untrusted.told).toEqual([
        ['fault storage', 'Nobody trusted has signed its certificate.', 'Set S3_CA_FILE to the PEM file of its authority.'],
      ])
      expect((await examined({ S3_ENDPOINT: proxy.url, S3_CA_FILE: certificate })).told).toEqual([])
      expect((await examined({ S3_ENDPOINT: proxy.url, S3_CA_FILE: key })).code).toBe(1)
    } finally {
      proxy.server.closeAllConnections()
      proxy.server.close()
    }
  })

  it('names a setting that is missing, and ends with 78', async () => {
    const { code, told } = await examined({ S3_READER_SECRET: '' })
    expect([code, told]).toEqual([78, [['fault settings', expect.stringContaining('S3_READER_SECRET'), expect.any(String)]]])
  })

  it('names servers that are down, once each', async () => {
    await Promise.all([servers.postgres.stop(), servers.minio.stop()])
    const { code, told } = await examined()
    expect({ code, told }).toEqual({
      code: 1,
      told: [
        ['fault storage', 'Nobody listens there.', 'Start the object store, or mend S3_ENDPOINT.'],
        ['fault catalog', 'Nobody listens there.', 'Start PostgreSQL, or mend CATALOG_HOST and CATALOG_PORT, or CATALOG_URL.'],
      ],
    })
  })
})

/** The same object store, with a clock that is late, or with TLS. */
async function inFrontOf(endpoint: string, lateMs: number, tls?: { readonly key: Buffer; readonly cert: Buffer }) {
  const [host, port] = endpoint.split(':')
  const pass: RequestListener = (asked, answer) => {
    const onward = request({ host, port, method: asked.method, path: asked.url, headers: asked.headers }, response => {
      const date = new Date(Date.parse(response.headers.date ?? '') - lateMs).toUTCString()
      answer.writeHead(response.statusCode ?? 500, { ...response.headers, date })
      response.pipe(answer)
    })
    asked.pipe(onward.on('error', () => answer.destroy()))
  }
  const server = tls ? createEncryptedServer(tls, pass) : createServer(pass)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return { url: `${tls ? 'https' : 'http'}://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`, server }
}
