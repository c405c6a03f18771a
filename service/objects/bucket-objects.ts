import { Readable } from 'node:stream'
import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { uploadStream } from '../files/upload-stream.ts'
import type { DatasetName } from '../lineage/names.ts'
import { askStore, isOtherVersion } from './bucket-error.ts'
import type { ByteRange } from './byte-range.ts'
import { compareKeys } from './compare-keys.ts'
import type { ListEntry, ListOrder, NewObject, ObjectProperties, ObjectStore, PresignOrder } from './object-store.ts'

/** S3 takes up to 10,000 parts, and each upload has three in memory. OBJECT_MAX_MB goes as far as they do. */
const partBytes = 8 * 1_048_576

/** No key goes on with it, so it comes behind all that begin alike. */
const last = '\u{10ffff}'

/** Objects with a prefix. The store itself sees to it that nothing half-uploaded is seen. */
export class BucketObjects implements ObjectStore {
  /** Uploads that failed while the store was away, with their keys: their parts may still be there. */
  private readonly left = new Map<string, string>()

  constructor(
    private readonly client: S3Client,
    private readonly at: { readonly bucket: string; readonly prefix: string },
  ) {}

  async find(key: string): Promise<ObjectProperties> {
    const head = await askStore(key, () => this.client.send(new HeadObjectCommand(this.object(key))))
    const { ContentLength: bytes = 0, ETag, LastModified: modifiedAt = new Date(0), ContentType: contentType = unknownType } = head
    return { key, bytes, etag: withoutQuotes(ETag), modifiedAt, contentType }
  }

  async read({ key, etag }: ObjectProperties, range?: ByteRange): Promise<Readable | undefined> {
    const order = { ...this.object(key), IfMatch: `"${etag}"`, ...(range && { Range: `bytes=${range.start}-${range.end}` }) }
    return askStore(key, async () => {
      try {
        const { Body } = await this.client.send(new GetObjectCommand(order))
        if (!(Body instanceof Readable)) throw new Error(`the store sent no body for ${key}`)
        return Body
      } catch (error) {
        if (isOtherVersion(error)) return undefined
        throw error
      }
    })
  }

  async write(key: string, body: AsyncIterable<Buffer>, { contentType, onlyNew }: NewObject): Promise<string> {
    const params = { ...this.object(key), ContentType: contentType, ...(onlyNew && { IfNoneMatch: '*' }), Body: Readable.from(body) }
    const etag = await askStore(key, () => uploadStream(this.client, params, partBytes, uploadId => this.left.set(uploadId, key)))
    return withoutQuotes(etag)
  }

  async remove(key: string): Promise<void> {
    await this.find(key)
    await askStore(key, () => this.client.send(new DeleteObjectCommand(this.object(key))))
  }

  async list({ prefix, delimiter, after, limit }: ListOrder): Promise<readonly ListEntry[]> {
    const start = delimiter !== undefined && after?.endsWith(delimiter) ? after + last : after
    const order = {
      ...{ Bucket: this.at.bucket, Prefix: `${this.at.prefix}${prefix}`, MaxKeys: limit },
      ...(delimiter !== undefined && { Delimiter: delimiter }),
      ...(start !== undefined && { StartAfter: `${this.at.prefix}${start}` }),
    }
    const { Contents = [], CommonPrefixes = [] } = await askStore(prefix, () => this.client.send(new ListObjectsV2Command(order)))
    const objects = Contents.map(({ Key, Size: bytes = 0, ETag, LastModified: modifiedAt = new Date(0) }) => ({
      ...{ key: this.keyOf(Key), bytes, etag: withoutQuotes(ETag), modifiedAt },
    }))
    const prefixes = CommonPrefixes.map(({ Prefix }) => ({ prefix: this.keyOf(Prefix) }))
    return [...objects, ...prefixes].sort((one, other) => compareKeys(nameOf(one), nameOf(other)))
  }

  async presign({ key, use, expiresInSeconds: expiresIn }: PresignOrder): Promise<string> {
    // Few services ever sign one.
    const { getSignedUrl } = await import('@aws-sdk/s3-request-presigner')
    if (use.method === 'PUT')
      return getSignedUrl(this.client, new PutObjectCommand({ ...this.object(key), ContentLength: use.bytes }), { expiresIn })
    // What is stored must not run in the store's name either.
    return getSignedUrl(this.client, new GetObjectCommand({ ...this.object(key), ResponseContentDisposition: 'attachment' }), { expiresIn })
  }

  datasetOf(key: string): DatasetName {
    return { object: `${this.at.prefix}${key}`, bucket: this.at.bucket }
  }

  /** The parts of uploads that could not be removed. What a killed process leaves is the store's to remove: MinIO does after a day. */
  async sweep(): Promise<void> {
    for (const [UploadId, key] of this.left) {
      try {
        await this.client.send(new AbortMultipartUploadCommand({ ...this.object(key), UploadId }))
      } catch (error) {
        if (!isOtherVersion(error)) throw error
      }
      this.left.delete(UploadId)
    }
  }

  close(): void {
    this.client.destroy()
  }

  private object(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.at.bucket, Key: `${this.at.prefix}${key}` }
  }

  private keyOf(name = ''): string {
    return name.slice(this.at.prefix.length)
  }
}

const unknownType = 'application/octet-stream'

function withoutQuotes(etag = ''): string {
  return etag.replaceAll('"', '')
}

function nameOf(entry: ListEntry): string {
  return 'key' in entry ? entry.key : entry.prefix
}
