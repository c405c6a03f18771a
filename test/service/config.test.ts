import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readConfig } from '../../service/config.ts'

it('has a default for everything', () => {
  expect(readConfig({}, [], '/home/me/lake')).toMatchObject({
    host: '127.0.0.1',
    port: 8080,
    lakeDir: '/home/me/lake/.lake',
    extensionDir: '/home/me/lake/.lake/extensions',
    query: { timeoutMs: 30_000, streamTimeoutMs: 600_000, maxRows: 10_000, maxBytes: 262_144 },
    spoolDir: '/home/me/lake/.lake/spool',
    writePool: { engines: 1, shortEngines: 1, spares: 0 },
    pool: { engines: 2, shortEngines: 1, spares: 1, queueMax: 32, perOwnerMax: 16 },
    engine: { memoryMb: 1_024, dataLimitMb: 3_072, spillMb: 4_096, threads: 2 },
  })
})

it('takes the port from the command line first', () => {
  expect(readConfig({ PORT: '1' }, ['--port', '0']).port).toBe(0)
  expect(readConfig({ PORT: '81' }, []).port).toBe(81)
})

it.each([
  [{ PORT: 'http' }, [], 'PORT is "http": use a whole number from 0 to 65535.'],
  [{}, ['--port', '70000'], '--port is "70000": use a whole number from 0 to 65535.'],
  [{ QUERY_TIMEOUT_MS: '1.5' }, [], 'QUERY_TIMEOUT_MS is "1.5": use a whole number from 100 to 3600000.'],
  [{ ENGINE_THREADS: '0' }, [], 'ENGINE_THREADS is "0": use a whole number from 1 to 1024.'],
  [{ LOG_LEVEL: 'loud' }, [], 'LOG_LEVEL is "loud": use fatal, error, warn, info, debug, trace.'],
  [{ OIDC_ISSUER: 'https://login.example.org' }, [], 'OIDC_AUDIENCE is missing'],
  [{ OIDC_AUDIENCE: 'ducklake' }, [], 'OIDC_ISSUER is missing'],
  [{ OIDC_ISSUER: 'login', OIDC_AUDIENCE: 'ducklake' }, [], 'OIDC_ISSUER is "login": use an address'],
  [{ LINEAGE_URL: 'marquez:5000' }, [], 'LINEAGE_URL is "marquez:5000": use an address such as http://marquez:5000/api/v1/lineage.'],
  [{ LINEAGE_URL: 'http://me:hidden@marquez/' }, [], /^LINEAGE_URL holds a user or a password: (?!.*hidden)/],
  [{ LINEAGE_NAMESPACE: 'my lake' }, [], 'LINEAGE_NAMESPACE is "my lake": use letters, digits'],
  [{}, ['--prot', '1'], /^Unknown option '--prot'.* The only option is --port NUMBER/],
])('refuses %j %j', (environment, words, sentence) => {
  expect(() => readConfig(environment, words)).toThrow(sentence)
})

describe('a lake on S3 and PostgreSQL', () => {
  const secrets = Object.fromEntries(
    ['READER', 'WRITER', 'MAINTENANCE'].flatMap(name => [
      [`CATALOG_${name}_PASSWORD`, `password of ${name}`],
      [`S3_${name}_KEY_ID`, `key of ${name}`],
      [`S3_${name}_SECRET`, `secret of ${name}`],
    ]),
  )
  const environment = {
    ...secrets,
    CATALOG_HOST: 'postgres.storage',
    CATALOG_SERVICE_PASSWORD: 'password of SERVICE',
    S3_ENDPOINT: 'http://minio.storage:9000',
    S3_DATA_PATH: 's3://lake/tables',
  }
  const read = (changed: Record<string, string>) => readConfig({ ...environment, ...changed }, []).externalLake

  it('is there when the catalog is named, and the embedded one else', () => {
    expect(readConfig({}, []).externalLake).toBeUndefined()
    expect(read({})).toEqual({
      catalog: { host: 'postgres.storage', port: 5_432, database: 'ducklake', sslMode: 'require' },
      storage: { endpoint: 'minio.storage:9000', region: 'us-east-1', pathStyle: true, tls: false },
      dataPath: 's3://lake/tables/',
      classes: {
        reader: {
          login: { user: 'ducklake_reader', password: 'password of READER' },
          key: { keyId: 'key of READER', secret: 'secret of READER' },
        },
        writer: {
          login: { user: 'ducklake_writer', password: 'password of WRITER' },
          key: { keyId: 'key of WRITER', secret: 'secret of WRITER' },
        },
        maintenance: {
          login: { user: 'ducklake_maintenance', password: 'password of MAINTENANCE' },
          key: { keyId: 'key of MAINTENANCE', secret: 'secret of MAINTENANCE' },
        },
      },
      service: { user: 'ducklake_service', password: 'password of SERVICE' },
      administrator: undefined,
      adminKey: undefined,
      results: { kind: 'folder' },
      backups: undefined,
    })
  })

  it('has its database in one URL or in parts, its store with or without a scheme', () => {
    expect(
      read({ CATALOG_HOST: '', CATALOG_URL: 'postgresql://[::1]:6432/lake?sslmode=verify-full', CATALOG_CA_FILE: '/ca.pem' })?.catalog,
    ).toEqual({
      host: '::1',
      port: 6_432,
      database: 'lake',
      sslMode: 'verify-full',
      caFile: '/ca.pem',
    })
    expect(read({ S3_ENDPOINT: 'https://s3.example.org', S3_URL_STYLE: 'vhost' })?.storage).toMatchObject({
      endpoint: 's3.example.org:443',
      tls: true,
      pathStyle: false,
    })
    expect(read({ S3_ENDPOINT: 'minio:9000', S3_TLS: 'false' })?.storage).toMatchObject({ endpoint: 'minio:9000', tls: false })
  })

  it('takes every value from a file too, without the newline at its end', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'config-')), 'password')
    writeFileSync(file, 'from a file \n')
    expect(read({ CATALOG_READER_PASSWORD: '', CATALOG_READER_PASSWORD_FILE: file })?.classes.reader.login.password).toBe('from a file ')
    expect(() => read({ CATALOG_READER_PASSWORD_FILE: file })).toThrow(
      'CATALOG_READER_PASSWORD and CATALOG_READER_PASSWORD_FILE are both set',
    )
    writeFileSync(file, '\n')
    expect(() => read({ CATALOG_READER_PASSWORD: '', CATALOG_READER_PASSWORD_FILE: file })).toThrow('which is empty')
    rmSync(dirname(file), { recursive: true })
    expect(() => read({ CATALOG_READER_PASSWORD: '', CATALOG_READER_PASSWORD_FILE: file })).toThrow(/cannot be read: ENOENT/)
  })

  it.each([
    [
      { CATALOG_HOST: '' },
      /^CATALOG_HOST \(or CATALOG_URL\) is missing: .*S3_ENDPOINT.* are set, which only a lake on S3 and PostgreSQL uses/,
    ],
    [{ S3_ENDPOINT: '' }, 'A lake on S3 and PostgreSQL needs S3_ENDPOINT too: set it, or S3_ENDPOINT_FILE with the path of a file'],
    [{ S3_WRITER_SECRET: '', CATALOG_SERVICE_PASSWORD: '' }, 'needs CATALOG_SERVICE_PASSWORD, S3_WRITER_SECRET too: set them'],
    [{ CATALOG_URL: 'postgres://a/b' }, 'CATALOG_URL and CATALOG_HOST say the same: set one or the other.'],
    [{ CATALOG_HOST: '', CATALOG_URL: 'postgres://me:hidden@a/b' }, 'CATALOG_URL holds a user or a password'],
    [{ CATALOG_HOST: '', CATALOG_URL: 'mysql://a/b' }, 'CATALOG_URL is not of the form postgres://host:port/database?sslmode=require.'],
    [{ CATALOG_HOST: '', CATALOG_URL: 'postgres://a/b?options=x' }, ': options cannot be set there.'],
    [{ CATALOG_SSLMODE: 'prefer' }, 'CATALOG_SSLMODE is "prefer": use disable, require, verify-ca, verify-full.'],
    [{ CATALOG_PORT: '0' }, 'CATALOG_PORT is "0": use a whole number from 1 to 65535.'],
    [
      { S3_ENDPOINT: 'http://minio/path' },
      'S3_ENDPOINT is "http://minio/path": use http://host:port, https://host:port or host:port, without a path.',
    ],
    [{ S3_TLS: 'true' }, 'S3_TLS is "true" and S3_ENDPOINT is "http://minio.storage:9000": leave S3_TLS out.'],
    [{ S3_TLS: 'yes' }, 'S3_TLS is "yes": use true or false.'],
    [{ S3_URL_STYLE: 'host' }, 'S3_URL_STYLE is "host": use path or vhost.'],
    [{ S3_DATA_PATH: '/data' }, 'S3_DATA_PATH is "/data": use s3://bucket/prefix/'],
    [{ S3_DATA_PATH: 's3://lake/../other/' }, 'S3_DATA_PATH is "s3://lake/../other/": use s3://bucket/prefix/'],
    [{ S3_RAW_PATH: 's3://lake/tables/raw/' }, 'S3_RAW_PATH is "s3://lake/tables/raw/", inside of S3_DATA_PATH'],
    [{ S3_RAW_PATH: 's3://raw/' }, 'S3_RAW_PATH needs S3_RAW_KEY_ID and S3_RAW_SECRET too.'],
    [{ S3_BACKUP_PATH: 's3://lake/tables/b/' }, 'S3_BACKUP_PATH is "s3://lake/tables/b/", inside of S3_DATA_PATH'],
    [{ S3_PUBLISH_PATH: 's3://lake/tables/p/' }, 'S3_PUBLISH_PATH is "s3://lake/tables/p/", inside of S3_DATA_PATH'],
    [{ S3_PUBLISH_PATH: 's3://lake' }, 'S3_PUBLISH_PATH is "s3://lake/", and S3_DATA_PATH is inside of it'],
    [{ S3_PUBLISH_PATH: 's3://lake/p/', S3_PUBLISH_KEY_ID: 'k' }, 'S3_PUBLISH_PATH needs S3_PUBLISH_KEY_ID and S3_PUBLISH_SECRET too.'],
    [{ S3_BACKUP_PATH: 's3://backups/' }, 'S3_BACKUP_PATH needs S3_BACKUP_KEY_ID and S3_BACKUP_SECRET too.'],
    [{ CATALOG_WRITER_USER: 'ducklake_reader' }, 'each need their own CATALOG_…_USER.'],
  ])('refuses %j', (changed, sentence) => {
    expect(() => read(changed)).toThrow(sentence)
    try {
      read(changed)
    } catch (error) {
      expect(String(error)).not.toMatch(/hidden|password of|secret of/)
    }
  })
})
