import { readFileSync } from 'node:fs'
import { access } from 'node:fs/promises'
import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { bucketOf, type LakeConnection, type LakeStorage } from '../catalog/lake-connection.ts'
import { ServiceError } from '../errors.ts'
import { readinessTimeoutMs } from '../settings.ts'
import { signRequest } from './sign-request.ts'

/** Asks the object store for the lake's bucket. An attached engine says nothing about it: attaching and reading what is cached go on
 * while the store is away. @throws ServiceError storageUnavailable that says why. */
export async function probeStorage({ storage, dataPath }: LakeConnection): Promise<void> {
  try {
    if (storage.kind === 'folder') await access(dataPath)
    else assertBucketStatus(await headBucket(storage, bucketOf(dataPath)), bucketOf(dataPath))
  } catch (error) {
    if (error instanceof ServiceError) throw error
    const reason = error instanceof Error ? error.message || ('code' in error ? String(error.code) : error.name) : String(error)
    throw new ServiceError('storageUnavailable', `The object store does not answer: ${reason}.`)
  }
}

function assertBucketStatus(status: number, bucket: string): void {
  if (status === 200) return
  const reason =
    status === 403 ? 'refuses the reader’s key' : status === 404 ? `has no bucket ${bucket}` : `answers ${status} for the bucket ${bucket}`
  throw new ServiceError('storageUnavailable', `The object store ${reason}.`)
}

function headBucket(storage: Extract<LakeStorage, { kind: 's3' }>, bucket: string): Promise<number> {
  const [host, path] = storage.pathStyle ? [storage.endpoint, `/${bucket}`] : [`${bucket}.${storage.endpoint}`, '/']
  // Clients leave the usual port out of the header that is signed.
  const signed = host.replace(storage.tls ? /:443$/ : /:80$/, '')
  const options = {
    method: 'HEAD',
    headers: signRequest('HEAD', signed, path, storage),
    signal: AbortSignal.timeout(readinessTimeoutMs),
    ...(storage.caFile !== undefined && { ca: readFileSync(storage.caFile) }),
  }
  return new Promise((resolve, reject) => {
    const request = (storage.tls ? requestHttps : requestHttp)(`${storage.tls ? 'https' : 'http'}://${host}${path}`, options, response => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    request.once('error', reject).end()
  })
}
