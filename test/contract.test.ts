import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fields, list } from '../constructs/manifest.ts'
import { versions } from '../constructs/versions.ts'
import { makeKey } from '../service/access/api-key.ts'
import { lakeSettings } from '../service/lake-settings.ts'
import { numberSettings, textSettings } from '../service/settings.ts'
import { collect, serviceTarget } from './constructs/collect.ts'
import { extensionDir, type Run, removeLake, temporaryFolder } from './service/run-service.ts'
import { freePort } from './service/servers/free-port.ts'
import { noMinio } from './service/servers/minio-programs.ts'
import { type MinioServer, startMinio } from './service/servers/minio-server.ts'
import { type PostgresServer, startPostgresServer } from './service/servers/postgres-server.ts'
import { type Program, readService } from './service-in-dist.ts'

const skipped = process.env.CI === 'true' ? undefined : noMinio()

const known = new Set([...Object.keys(textSettings), ...Object.keys(numberSettings), ...Object.keys(lakeSettings)])

describe.each(['dev', 'production'])('dist/%s and the service', environment => {
  const dist = readService(environment)
  const programs = Object.entries({ service: dist.service, migrate: dist.migrate, backup: dist.backup, drill: dist.drill })

  it.each(programs)('know the same variables: %s', (_name, { environment }) => {
    const names = Object.keys(environment).map(name => name.replace(/_FILE$/, ''))
    expect(names.filter(name => !known.has(name))).toEqual([])
    const required = Object.entries(lakeSettings).filter(([, setting]) => !('default' in setting))
    expect(required.map(([name]) => name).filter(name => !names.includes(name))).toEqual([])
  })

  it.each(programs)('mean the same files: %s', (_name, { environment, files }) => {
    const named = Object.entries(environment).flatMap(([name, path]) => (name.endsWith('_FILE') ? [path] : []))
    expect(Object.keys(files).sort()).toEqual(named.sort())
  })

  it('mean the same ports, at the container, the Service and the network', () => {
    const { PORT, METRICS_PORT } = dist.service.environment
    const numbers = (ports: unknown, key: string) => list(ports).map(port => `${fields(port)[key]}`)
    expect(numbers(dist.service.container.ports, 'containerPort')).toEqual([PORT, METRICS_PORT])
    expect(numbers(fields(dist.manifests.get('Service ducklake-service')?.spec).ports, 'port')).toEqual([PORT, METRICS_PORT])
    const ingress = list(fields(dist.manifests.get('NetworkPolicy ducklake-service-in')?.spec).ingress)
    expect(ingress.flatMap(rule => numbers(fields(rule).ports, 'port'))).toEqual([PORT, METRICS_PORT])
  })
})

describe.skipIf(skipped)(skipped ? `skipped: ${skipped}` : 'with exactly its environment', () => {
  let postgres: PostgresServer
  let minio: MinioServer
  const folder = temporaryFolder()
  const adminKey = makeKey()
  const buckets = { lake: 'ducklake', raw: 'ducklake-raw', logs: 'ducklake-logs', backups: 'ducklake-backups' }
  beforeAll(async () => {
    postgres = await startPostgresServer()
    minio = await startMinio(buckets)
    writeSecrets()
  })
  afterAll(async () => {
    await Promise.all([postgres?.remove(), minio?.remove()])
    removeLake(folder)
  })

  /** What stands in a Secret of the cluster, in the place where a pod would find it. */
  function writeSecrets(): void {
    const { drill } = readService('dev')
    const users = {
      'lake-reader': 'reader',
      'lake-writer': 'writer',
      'lake-maintenance': 'maintenance',
      raw: 'raw',
      backups: 'backups',
    } as const
    const storage = Object.entries(users).map(([name, user]): [string, Record<string, string>] => [
      `minio-${name}`,
      { accessKey: minio.keys[user].keyId, secretKey: minio.keys[user].secret },
    ])
    const secrets: Readonly<Record<string, Readonly<Record<string, string>>>> = {
      ...Object.fromEntries(storage),
      'postgres-auth': { 'postgres-password': postgres.administrator.password },
      'ducklake-roles': { reader: 'of readers', writer: 'of writers', maintenance: 'of maintenance', service: 'of the service' },
      'ducklake-admin-key': { key: adminKey },
    }
    for (const [path, { secret, key }] of Object.entries(drill.files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), secrets[secret]?.[key] ?? '')
    }
  }

  /** Its command and environment as they stand there, with this machine's hosts, ports and folders in place of the cluster's. The servers of
   * the tests do not encrypt. */
  function start({ command, environment }: Program, ports: Readonly<Record<string, string>> = {}): Run {
    const inFolder = Object.entries(environment).map(([name, value]) => [name, value.startsWith('/') ? join(folder, value) : value])
    const [, ...words] = command
    const child = spawn(process.execPath, words, {
      env: {
        PATH: process.env.PATH,
        ...Object.fromEntries(inFolder),
        EXTENSION_DIR: extensionDir,
        HOST: '127.0.0.1',
        CATALOG_HOST: '127.0.0.1',
        CATALOG_PORT: `${postgres.administrator.port}`,
        CATALOG_SSLMODE: 'disable',
        S3_ENDPOINT: `http://${minio.storage.endpoint}`,
        ...ports,
      },
    })
    let [out, error] = ['', '']
    child.stdout.on('data', data => (out += data))
    child.stderr.on('data', data => (error += data))
    return { child, output: () => ({ out, error }), exit: new Promise(resolve => child.once('exit', code => resolve(code))) }
  }

  async function succeeds(program: Program): Promise<string> {
    const { exit, output } = start(program)
    expect(await exit, output().error).toBe(0)
    return output().out
  }

  describe.each(['dev', 'production'])('of dist/%s', environment => {
    const { service, migrate, backup, drill } = readService(environment)
    let running: Run
    const ports: Record<string, string> = {}
    beforeAll(async () => {
      await succeeds(migrate)
      for (const name of ['PORT', 'METRICS_PORT']) ports[name] = `${await freePort()}`
      running = start(service, ports)
      const ended = running.exit.then(code => Promise.reject(new Error(`it ended with ${code}: ${running.output().error}`)))
      ended.catch(() => {})
      while (!running.output().out.includes('Ctrl-C')) await Promise.race([ended, new Promise(resolve => setTimeout(resolve, 50))])
    })
    afterAll(() => {
      running?.child.kill('SIGKILL')
    })

    const ask = (path: string, init: RequestInit = {}) => fetch(`http://127.0.0.1:${ports.PORT}${path}`, init)
    const post = (path: string, sql: string) =>
      ask(path, { method: 'POST', headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'application/sql' }, body: sql })

    it('the service answers each probe, and Prometheus', async () => {
      for (const name of ['startupProbe', 'livenessProbe', 'readinessProbe']) {
        const { path, port } = fields(fields(service.container[name]).httpGet)
        expect([name, port, (await ask(String(path))).status]).toEqual([name, 'http', 200])
      }
      const metrics = await fetch(`http://127.0.0.1:${ports.METRICS_PORT}/metrics`)
      expect(await metrics.text()).toContain('ducklake_queue_depth')
    })

    it('the administrator’s key of the Secret writes and reads, with the versions that are written down', async () => {
      const table = `made_in_${environment}`
      expect((await post('/v1/statements', `CREATE TABLE ${table} AS SELECT 42 AS answer`)).status).toBe(200)
      const { rows } = fields(JSON.parse(await (await post('/v1/query', `SELECT answer, version() FROM ${table}`)).text()))
      const { version } = versions.extensions.ducklake
      expect(rows).toEqual([[42, `v${version}`]])
    })

    it('a table is published in the bucket of the lake', async () => {
      const published = await ask(`/v1/tables/main/made_in_${environment}/publication`, {
        method: 'POST',
        headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' },
        body: '{}',
      })
      expect(await published.json()).toMatchObject({ location: expect.stringMatching(`^s3a://${buckets.lake}/published/`), version: 0 })
    })

    it('what it logs has the fields that the collectors read', async () => {
      const { headers } = await post('/v1/query', 'SELECT 1')
      const id = headers.get('x-request-id')
      let line: string | undefined
      while (line === undefined) {
        await new Promise(resolve => setTimeout(resolve, 20))
        line = running
          .output()
          .error.split('\n')
          .find(text => text.includes(`"request_id":"${id}"`))
      }
      expect(collect(line, serviceTarget)).toMatchObject([
        { labels: { level: 'info', app: 'ducklake-service' }, metadata: { request_id: id } },
      ])
    })

    it('backups are made and restored beside it', async () => {
      expect(await succeeds(backup)).toContain(`is in s3://${buckets.backups}/lake/`)
      expect(await succeeds(drill)).toMatch(/can be restored: \d+ tables/)
    }, 120_000)

    it('it stops within the grace of its pod', async () => {
      running.child.kill('SIGTERM')
      const grace = Number(service.pod.terminationGracePeriodSeconds) * 1_000
      const killed = setTimeout(() => running.child.kill('SIGKILL'), grace)
      expect(await running.exit).toBe(0)
      clearTimeout(killed)
    })
  })
})

it('the image has the version of the package', () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
  expect(versions.images.ducklakeService.version).toBe(version)
})
