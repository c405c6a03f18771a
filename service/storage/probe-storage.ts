import { access } from 'node:fs/promises'
import type { S3Client } from '@aws-sdk/client-s3'
import { bucketOf, type LakeConnection } from '../catalog/lake-connection.ts'
import { ServiceError } from '../errors.ts'
import { readinessTimeoutMs } from '../settings.ts'

const clients = new WeakMap<LakeConnection, S3Client>()

/** Asks the object store for the lake's bucket. An attached engine says nothing about it: attaching and reading what is cached go on
 * while the store is away. @throws ServiceError storageUnavailable that says why. */
export async function probeStorage(lake: LakeConnection): Promise<void> {
  try {
    if (lake.storage.kind === 'folder') await access(lake.dataPath)
    else await headBucket(lake, lake.storage)
  } catch (error) {
    throw new ServiceError('storageUnavailable', `The object store ${reasonOf(error, bucketOf(lake.dataPath))}.`)
  }
}

async function headBucket(lake: LakeConnection, storage: Extract<LakeConnection['storage'], { kind: 's3' }>): Promise<void> {
  // A lake in a folder does without the client, which takes 20 MB.
  const [{ HeadBucketCommand }, { connectS3 }] = await Promise.all([import('@aws-sdk/client-s3'), import('./connect-s3.ts')])
  const client = clients.get(lake) ?? connectS3(storage)
  clients.set(lake, client)
  await client.send(new HeadBucketCommand({ Bucket: bucketOf(lake.dataPath) }), { abortSignal: AbortSignal.timeout(readinessTimeoutMs) })
}

function reasonOf(error: unknown, bucket: string): string {
  if (!(error instanceof Error)) return `does not answer: ${error}`
  const status = '$metadata' in error && isAnswer(error.$metadata) ? error.$metadata.httpStatusCode : undefined
  if (status === 403) return 'refuses the reader’s key'
  if (status === 404) return `has no bucket ${bucket}`
  if (status !== undefined) return `answers ${status} for the bucket ${bucket}`
  return `does not answer: ${error.message || ('code' in error ? error.code : error.name)}`
}

function isAnswer(metadata: unknown): metadata is { readonly httpStatusCode: number } {
  return typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata && typeof metadata.httpStatusCode === 'number'
}
