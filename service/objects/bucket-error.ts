import { ServiceError } from '../errors.ts'
import { noObject } from './object-store.ts'

/** Asks the object store for an object. @throws ServiceError for what the store says, and for a store that says nothing */
export async function askStore<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    throw storeError(key, error)
  }
}

/** What the store's answer means to a caller; errors of others than the store stay as they are. */
export function storeError(key: string, error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof ServiceError) return error
  const { name, message } = error
  const status = statusOf(error)
  if (status === 412) return new ServiceError('preconditionFailed', `There is an object ${key} already, and If-None-Match wants none.`)
  if (name === 'NoSuchKey' || (status === 404 && name !== 'NoSuchBucket')) return noObject(key)
  if (status === 507 || name === 'XMinioStorageFull')
    return new ServiceError('storageFull', 'The object store is full. Nothing was kept: try again later.')
  if (name === 'XMinioParentIsObject' || name === 'XMinioObjectExistsAsDirectory')
    return new ServiceError('conflict', `The store cannot have ${key} beside an object that is a part of its name: ${message}`)
  if (status === 400) return new ServiceError('invalidRequest', `The object store refuses the request for ${key}: ${message || name}`)
  const reason = message || ('code' in error ? String(error.code) : name)
  return new ServiceError(
    'storageUnavailable',
    `The object store ${status === 403 ? 'refuses the key of S3_RAW_PATH' : `does not answer: ${reason}`}.`,
  )
}

/** Whether another version is in the place of the one that was wanted. */
export function isOtherVersion(error: unknown): boolean {
  return [404, 412].includes(statusOf(error) ?? 0)
}

function statusOf(error: unknown): number | undefined {
  const metadata = typeof error === 'object' && error !== null && '$metadata' in error ? error.$metadata : undefined
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined
}
