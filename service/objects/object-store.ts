import type { Readable } from 'node:stream'
import { ServiceError } from '../errors.ts'
import type { DatasetName } from '../lineage/names.ts'
import type { ByteRange } from './byte-range.ts'

/** What is known of an object without its bytes. */
export interface ObjectProperties extends ListedObject {
  readonly contentType: string
}

export interface ListedObject {
  readonly key: string
  readonly bytes: number
  /** Without quotes. Other bytes have another one. */
  readonly etag: string
  readonly modifiedAt: Date
}

/** An object, or what keys have in common up to a delimiter. */
export type ListEntry = ListedObject | { readonly prefix: string }

export interface ListOrder {
  readonly prefix: string
  readonly delimiter: '/' | undefined
  /** The entry before the first one. */
  readonly after: string | undefined
  readonly limit: number
}

export interface NewObject {
  readonly contentType: string
  /** Whether one that is there is left as it is. */
  readonly onlyNew: boolean
}

/** An address by which somebody without a key of this service gets or puts one object. */
export interface PresignOrder {
  readonly key: string
  /** What is put has exactly so many bytes. */
  readonly use: { readonly method: 'GET' } | { readonly method: 'PUT'; readonly bytes: number }
  readonly expiresInSeconds: number
}

/** The raw datasets: files as they came, by key. Whatever is read is whole, and is one upload's alone.
 * All throw ServiceError storageUnavailable or storageFull where the store is away or full. */
export interface ObjectStore {
  /** @throws ServiceError notFound */
  find(key: string): Promise<ObjectProperties>
  /** The bytes of what was found. @returns undefined if there is another object by now, or none */
  read(found: ObjectProperties, range?: ByteRange): Promise<Readable | undefined>
  /** The whole object or none, in place of one that is there. If the body fails, nothing is left.
   * @returns its tag. @throws what the body throws; ServiceError preconditionFailed if there is one already, conflict */
  write(key: string, body: AsyncIterable<Buffer>, properties: NewObject): Promise<string>
  /** @throws ServiceError notFound */
  remove(key: string): Promise<void>
  /** In the order of the keys' bytes. */
  list(order: ListOrder): Promise<readonly ListEntry[]>
  /** @throws ServiceError notSupported where there is nobody to ask but this service */
  presign(order: PresignOrder): Promise<string>
  /** What an object is called in the lineage. */
  datasetOf(key: string): DatasetName
  /** Removes what uploads have left that could not be undone when they failed. */
  sweep(): Promise<void>
  close(): void
}

export function noObject(key: string): ServiceError {
  return new ServiceError('notFound', `There is no object ${key}.`)
}
