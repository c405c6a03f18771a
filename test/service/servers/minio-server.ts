import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { access, policyOf } from '../../../constructs/minio-access.ts'
import type { BucketPurpose } from '../../../constructs/object-store.ts'
import type { StorageAddress, StorageKey } from '../../../service/catalog/lake-connection.ts'
import { freePort } from './free-port.ts'
import { findProgram } from './go-program.ts'
import { noMinio } from './minio-programs.ts'
import { ServerProcess } from './server-process.ts'

const defaultBuckets = { lake: 'lake', raw: 'raw', logs: 'logs', backups: 'backups' }

const lakeUsers = {
  reader: access.lakeReader,
  writer: access.lakeWriter,
  maintenance: access.lakeMaintenance,
  publications: access.publicationReader,
  raw: access.raw,
  logs: access.logs,
  backups: access.backups,
} as const

export interface MinioServer {
  readonly storage: StorageAddress
  readonly bucket: string
  /** Of the lake's and the logs' users, with the policies of the cluster. */
  readonly keys: Readonly<Record<keyof typeof lakeUsers, StorageKey>>
  readonly root: StorageKey
  start(): Promise<void>
  stop(): Promise<void>
  /** With −9. */
  kill(): Promise<void>
  remove(): Promise<void>
}

/** A real MinIO on a TCP port of this machine, with the lake's buckets and users as `constructs/minio-access.ts` has them.
 * @throws Error if there is none here. */
export async function startMinio(buckets: Readonly<Record<BucketPurpose, string>> = defaultBuckets): Promise<MinioServer> {
  const [minio, mc] = [findProgram('minio'), findProgram('mc')]
  if (!minio || !mc) throw new Error(noMinio())
  const folder = mkdtempSync(join(tmpdir(), 'minio-'))
  const port = await freePort()
  const root = { keyId: 'root-of-the-tests', secret: 'secret-of-the-root' }
  const url = `http://127.0.0.1:${port}`
  const data = join(folder, 'data')
  mkdirSync(data)
  const server = new ServerProcess({
    program: minio,
    words: ['server', data, '--address', `127.0.0.1:${port}`, '--quiet'],
    options: {
      cwd: folder,
      env: { HOME: folder, MINIO_ROOT_USER: root.keyId, MINIO_ROOT_PASSWORD: root.secret, MINIO_BROWSER: 'off', MINIO_UPDATE: 'off' },
    },
    stopSignal: 'SIGTERM',
    answers: async () => {
      if (!(await fetch(`${url}/minio/health/ready`)).ok) throw new Error('not ready')
    },
  })
  const run = (...words: string[]) =>
    promisify(execFile)(mc, ['--quiet', ...words], {
      env: { HOME: folder, MC_HOST_here: `http://${root.keyId}:${root.secret}@127.0.0.1:${port}` },
    })
  const addUser = async ({ name, ...rest }: (typeof lakeUsers)[keyof typeof lakeUsers]): Promise<StorageKey> => {
    const key = { keyId: `key-of-${name}`, secret: `secret-of-${name}` }
    const file = join(folder, `${name}.json`)
    const statements = policyOf({ name, ...rest }, buckets).statements
    const Statement = statements.map(({ effect, actions, resources }) => ({ Effect: effect, Action: actions, Resource: resources }))
    writeFileSync(file, JSON.stringify({ Version: '2012-10-17', Statement }))
    await run('admin', 'policy', 'create', 'here', name, file)
    await run('admin', 'user', 'add', 'here', key.keyId, key.secret)
    await run('admin', 'policy', 'attach', 'here', name, '--user', key.keyId)
    return key
  }
  const setUp = async () => {
    await server.start()
    await run('mb', `here/${buckets.lake}`, `here/${buckets.raw}`, `here/${buckets.logs}`, `here/${buckets.backups}`)
    const reader = await addUser(lakeUsers.reader)
    return {
      reader,
      writer: await addUser(lakeUsers.writer),
      maintenance: await addUser(lakeUsers.maintenance),
      publications: await addUser(lakeUsers.publications),
      raw: await addUser(lakeUsers.raw),
      logs: await addUser(lakeUsers.logs),
      backups: await addUser(lakeUsers.backups),
    }
  }
  const remove = async () => {
    await server.kill()
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  }
  const keys = await setUp().catch(async error => {
    await remove()
    throw error
  })
  return {
    storage: { endpoint: `127.0.0.1:${port}`, region: 'us-east-1', pathStyle: true, tls: false },
    bucket: buckets.lake,
    keys,
    root,
    start: () => server.start(),
    stop: () => server.stop(),
    kill: () => server.kill(),
    remove,
  }
}
