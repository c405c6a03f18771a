import { Readable } from 'node:stream'
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3'
import type { FileStore, StoredFile } from './file-store.ts'
import { uploadStream } from './upload-stream.ts'

/** S3 takes up to 10,000 parts: with these, objects of up to 156 GB. */
const partBytes = 16 * 1_048_576

/** Objects with a prefix. */
export class BucketStore implements FileStore {
  readonly place: string

  constructor(
    private readonly client: S3Client,
    private readonly at: { readonly bucket: string; readonly prefix: string },
  ) {
    this.place = `s3://${at.bucket}/${at.prefix}`
  }

  async *list(under = ''): AsyncGenerator<StoredFile> {
    const pages = paginateListObjectsV2({ client: this.client }, { Bucket: this.at.bucket, Prefix: `${this.at.prefix}${under}` })
    for await (const { Contents = [] } of pages)
      for (const { Key = '', Size = 0 } of Contents) yield { path: Key.slice(this.at.prefix.length), bytes: Size }
  }

  async folders(): Promise<string[]> {
    const names: string[] = []
    const pages = paginateListObjectsV2({ client: this.client }, { Bucket: this.at.bucket, Prefix: this.at.prefix, Delimiter: '/' })
    for await (const { CommonPrefixes = [] } of pages)
      for (const { Prefix = '' } of CommonPrefixes) names.push(Prefix.slice(this.at.prefix.length, -1))
    return names
  }

  async read(path: string): Promise<Readable> {
    const { Body } = await this.client.send(new GetObjectCommand(this.object(path)))
    if (!(Body instanceof Readable)) throw new Error(`the store sent no body for ${path}`)
    return Body
  }

  async write(path: string, body: Readable): Promise<void> {
    await uploadStream(this.client, { ...this.object(path), Body: body }, partBytes)
  }

  async writeNew(path: string, bytes: Buffer): Promise<boolean> {
    try {
      await this.client.send(new PutObjectCommand({ ...this.object(path), Body: bytes, IfNoneMatch: '*' }))
      return true
    } catch (error) {
      if (error instanceof Error && error.name === 'PreconditionFailed') return false
      throw error
    }
  }

  async remove(path: string): Promise<void> {
    await this.client.send(new DeleteObjectCommand(this.object(path)))
  }

  private object(path: string): { Bucket: string; Key: string } {
    return { Bucket: this.at.bucket, Key: `${this.at.prefix}${path}` }
  }
}
