import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lakePrefixes } from '../../../constructs/object-store.ts'
import type { StorageKey } from '../../../service/catalog/lake-connection.ts'
import { openStore } from '../../../service/files/file-store.ts'
import { noMinio } from '../servers/minio-programs.ts'
import { type MinioServer, startMinio } from '../servers/minio-server.ts'

const missing = noMinio()
const skipped = process.env.CI === 'true' ? undefined : missing

// The key that other engines get, with the policy of the cluster.
describe.skipIf(skipped)(skipped ? `skipped: ${skipped}` : 'the key that reads publications', () => {
  let minio: MinioServer
  const open = (bucket: string, { keyId, secret }: StorageKey) =>
    openStore({ kind: 's3', bucket, prefix: '', ...minio.storage, keyId, secret })
  const prefixes = Object.values(lakePrefixes)
  beforeAll(async () => {
    minio = await startMinio()
    const [lake, raw] = [await open('lake', minio.root), await open('raw', minio.root)]
    for (const prefix of [...prefixes, 'elsewhere/']) await lake.write(`${prefix}file`, Readable.from(['rows']))
    await raw.write('file', Readable.from(['rows']))
  })
  afterAll(() => minio.remove())

  it.each(prefixes)('reads what lies below %s', async prefix => {
    const lake = await open('lake', minio.keys.publications)
    expect(await (await lake.read(`${prefix}file`)).toArray()).toEqual([Buffer.from('rows')])
  })

  it('is told that a file is not there, which a log that has not come so far has to say', async () => {
    const lake = await open('lake', minio.keys.publications)
    await expect(lake.read(`${lakePrefixes.published}_delta_log/_last_checkpoint`)).rejects.toMatchObject({ name: 'NoSuchKey' })
  })

  it.each([
    ['lake', 'elsewhere/file'],
    ['raw', 'file'],
  ])('reads nothing else: %s/%s', async (bucket, path) => {
    const store = await open(bucket, minio.keys.publications)
    await expect(store.read(path)).rejects.toMatchObject({ name: 'AccessDenied' })
  })

  it.each(prefixes)('neither writes nor removes below %s', async prefix => {
    const lake = await open('lake', minio.keys.publications)
    await expect(lake.write(`${prefix}other`, Readable.from(['rows']))).rejects.toMatchObject({ name: 'AccessDenied' })
    await expect(lake.remove(`${prefix}file`)).rejects.toThrow()
    const whole = await open('lake', minio.root)
    expect(await (await whole.read(`${prefix}file`)).toArray()).toEqual([Buffer.from('rows')])
  })
})
