import type { Readable } from 'node:stream'
import type { BucketPlace } from '../catalog/lake-connection.ts'
import { FolderStore } from './folder-store.ts'

/** A file in a store, by its path within it. */
export interface StoredFile {
  readonly path: string
  readonly bytes: number
}

/** A folder, or a part of a bucket. Paths are relative, with `/`. */
export interface FileStore {
  /** For people: a path, or s3://bucket/prefix/. */
  readonly place: string
  /** Everything below, in no order. @param under a path that ends with `/`, or nothing */
  list(under?: string): AsyncIterable<StoredFile>
  /** Names of the folders at its top. */
  folders(): Promise<string[]>
  /** @throws Error if it is not there */
  read(path: string): Promise<Readable>
  /** The whole file or none, in place of one that is there. @throws what the body throws, and then nothing is left */
  write(path: string, body: Readable): Promise<void>
  /** The whole file or none, where there is none. @returns false if there is one already: it stays as it is */
  writeNew(path: string, bytes: Buffer): Promise<boolean>
  /** Nothing happens if it is not there. */
  remove(path: string): Promise<void>
}

/** The client of the object store takes 20 MB: a lake on this machine does without. */
export async function openStore(place: string | BucketPlace): Promise<FileStore> {
  if (typeof place === 'string') return new FolderStore(place)
  const [{ BucketStore }, { connectS3 }] = await Promise.all([import('./bucket-store.ts'), import('../storage/connect-s3.ts')])
  return new BucketStore(connectS3(place), place)
}

/** All that is below, with its size. */
export async function sizesIn(store: FileStore, under = ''): Promise<Map<string, number>> {
  const sizes = new Map<string, number>()
  for await (const { path, bytes } of store.list(under)) sizes.set(path, bytes)
  return sizes
}
