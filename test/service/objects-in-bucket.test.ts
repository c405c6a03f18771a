import { randomBytes } from 'node:crypto'
import {
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectS3 } from '../../service/storage/connect-s3.ts'
import { breakOff, callObjects, sendPart } from './call-objects.ts'
import { temporaryFolder } from './run-service.ts'
import { type ExternalServers, startExternalServers } from './servers/external-lake.ts'
import { noMinio } from './servers/minio-programs.ts'
import { type Service, startOn, stopService } from './start-service.ts'

const skipped = process.env.CI === 'true' ? undefined : noMinio()

describe.skipIf(skipped)(skipped ? `skipped: ${skipped}` : 'objects in a bucket', () => {
  let servers: ExternalServers
  let service: Service
  let call: ReturnType<typeof callObjects>
  let root: S3Client
  beforeAll(async () => {
    servers = await startExternalServers()
    const lakeDir = temporaryFolder()
    service = await startOn({ LAKE_DIR: lakeDir, ...servers.environment }, lakeDir)
    call = callObjects(service)
    root = connectS3({ ...servers.minio.storage, ...servers.minio.root })
  })
  afterAll(async () => {
    root.destroy()
    await stopService(service)
    await servers.remove()
  })

  const path = (key: string) => `/v1/objects/${key}`
  const inBucket = async () => (await root.send(new ListObjectsV2Command({ Bucket: 'raw' }))).Contents?.map(({ Key }) => Key) ?? []
  /** MinIO tells of the uploads of one key only. */
  const uploadsOf = async (key: string) => {
    const { Uploads = [] } = await root.send(new ListMultipartUploadsCommand({ Bucket: 'raw', Prefix: `datasets/${key}` }))
    return Uploads.map(({ UploadId }) => UploadId)
  }
  const partsOf = async (key: string) => {
    const [UploadId] = await uploadsOf(key)
    if (UploadId === undefined) return 0
    return (await root.send(new ListPartsCommand({ Bucket: 'raw', Key: `datasets/${key}`, UploadId }))).Parts?.length
  }
  const failed = (key: string) =>
    expect
      .poll(async () => (await call('GET', `/v1/lineage/events?job=upload.${key}&limit=1`)).text, { timeout: 20_000 })
      .toContain('"FAIL"')

  it('lie under their prefix, apart from the lake’s files', async () => {
    const body = randomBytes(20_000_000)
    expect((await call('PUT', path('a/large.bin'), body)).status).toBe(201)
    expect(await inBucket()).toEqual(['datasets/a/large.bin'])
    const response = await fetch(service.url + path('a/large.bin'), { headers: { authorization: `Bearer ${service.key}` } })
    expect(Buffer.from(await response.arrayBuffer()).equals(body)).toBe(true)
    const lineage = () => call('GET', `/v1/lineage?dataset=datasets/a/large.bin&namespace=s3://raw&format=mermaid`)
    await expect.poll(async () => (await lineage()).text, { timeout: 10_000 }).toContain('upload.a/large.bin')
  })

  it('tell of uploads that are under way, or the next test would say nothing', async () => {
    const at = { Bucket: 'raw', Key: 'datasets/control' }
    const { UploadId } = await root.send(new CreateMultipartUploadCommand(at))
    await root.send(new UploadPartCommand({ ...at, UploadId, PartNumber: 1, Body: 'x' }))
    expect(await uploadsOf('control')).toEqual([UploadId])
  })

  it.each([0, 0.5, 0.99])('of an upload that breaks off after %d of its bytes nothing is left', async share => {
    const key = `broken-${share}`
    await breakOff(service, path(key), 40_000_000, share)
    await failed(key)
    expect(await uploadsOf(key)).toEqual([])
    expect(await inBucket()).not.toContain(`datasets/${key}`)
  })

  it('of an upload of many parts with a wrong digest nothing is left', async () => {
    const wrong = { 'content-digest': `sha-256=:${Buffer.alloc(32).toString('base64')}:` }
    expect(await call('PUT', path('wrong'), Buffer.alloc(30_000_000), wrong)).toMatchObject({
      status: 400,
      body: { code: 'digestMismatch' },
    })
    expect(await uploadsOf('wrong')).toEqual([])
    expect(await inBucket()).not.toContain('datasets/wrong')
  })

  it('of many parts is left alone with If-None-Match: *', async () => {
    const bodies = [1, 2, 3].map(byte => Buffer.alloc(18_000_000, byte))
    const answers = await Promise.all(bodies.map(body => call('PUT', path('new'), body, { 'if-none-match': '*' })))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 412, 412])
    expect(await uploadsOf('new')).toEqual([])
  })

  it('go past the service with a presigned address, of which neither key nor size can be changed', async () => {
    const presign = async (body: object) => {
      const answer = await call('POST', '/v1/presigned', JSON.stringify(body), { 'content-type': 'application/json' })
      expect(answer.status, answer.text).toBe(200)
      const { url, headers }: { url: string; headers: Record<string, string> } = JSON.parse(answer.text)
      return { url, headers }
    }
    const { url } = await presign({ key: 'direct.csv', method: 'PUT', bytes: 8 })
    const refused = [
      await fetch(url, { method: 'PUT', body: 'id\n1\n2\n3\n' }),
      await fetch(url.replace('direct.csv', 'other.csv'), { method: 'PUT', body: 'id\n1\n2\n3' }),
      await fetch(url),
    ]
    expect(refused.map(({ status }) => status)).toEqual([403, 403, 403])
    const stored = await fetch(url, { method: 'PUT', body: 'id\n1\n2\n3', headers: { 'content-type': 'text/csv' } })
    expect(stored.status).toBe(200)
    expect(await call('GET', path('direct.csv'))).toMatchObject({ status: 200, text: 'id\n1\n2\n3' })
    const read = await fetch((await presign({ key: 'direct.csv', method: 'GET', expiresInSeconds: 60 })).url)
    expect([await read.text(), read.headers.get('content-disposition')]).toEqual(['id\n1\n2\n3', 'attachment'])
    expect((await call('POST', '/v1/tables/main/direct/rows?object=direct.csv&mode=create')).body).toMatchObject({ rowCount: 3 })
  })

  it.each([
    [{ method: 'PUT' }, 400, 'invalidRequest'],
    [{ method: 'GET', bytes: 1 }, 400, 'invalidRequest'],
    [{ method: 'GET', expiresInSeconds: 3_601 }, 400, 'invalidRequest'],
    [{ method: 'PUT', bytes: 5_368_709_121 }, 400, 'invalidRequest'],
    [{ method: 'DELETE' }, 400, 'invalidRequest'],
    [{ method: 'GET', key: '../a' }, 400, 'invalidRequest'],
  ])('no address is signed for %j', async (body, status, code) => {
    const sent = JSON.stringify({ key: 'a', ...body })
    expect(await call('POST', '/v1/presigned', sent, { 'content-type': 'application/json' })).toMatchObject({ status, body: { code } })
  })

  it('say so while the store is away, and leave nothing of an upload that it went away in', async () => {
    await call('PUT', path('there.csv'), 'id\n1\n')
    let sendRest = () => {}
    const rest = new Promise<void>(resolve => {
      sendRest = resolve
    })
    const away = sendPart(service, path('cut-off'), 20_000_000, {}, rest)
    await expect.poll(() => partsOf('cut-off'), { timeout: 30_000 }).toBe(2)
    await servers.minio.kill()
    sendRest()
    try {
      expect(await away).toMatchObject({ status: 503, code: 'storageUnavailable' })
      const answers = [
        await call('PUT', path('b'), 'x'),
        await call('GET', path('there.csv')),
        await call('DELETE', path('there.csv')),
        await call('GET', '/v1/objects'),
        await call('GET', '/v1/previews/there.csv'),
        await call('POST', '/v1/tables/main/direct/rows?object=there.csv'),
      ]
      expect(answers.map(({ body }) => body.code)).toEqual(Array(6).fill('storageUnavailable'))
      expect(answers.map(({ status, headers }) => [status, headers.get('retry-after')])).toEqual(Array(6).fill([503, '1']))
    } finally {
      await servers.minio.start()
    }
    expect(await call('GET', path('there.csv'))).toMatchObject({ status: 200, text: 'id\n1\n' })
    expect((await call('GET', path('cut-off'))).status).toBe(404)
    // What could not be removed then is removed within a minute.
    await expect.poll(() => uploadsOf('cut-off'), { timeout: 90_000, interval: 1_000 }).toEqual([])
  }, 150_000)
})
