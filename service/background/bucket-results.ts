import { randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { ServiceError } from '../errors.ts'
import type { KeptResults, OpenResult } from './kept-results.ts'

/** Results in an object store, so that every process of the service can read them. Engines have no key for it: they write and read files
 * of this machine, and the gateway carries them. */
export class BucketResults implements KeptResults {
  constructor(
    private readonly folder: string,
    private readonly client: S3Client,
    private readonly place: { readonly bucket: string; readonly prefix: string },
  ) {}

  pathOf(id: string): string {
    return join(this.folder, `${id}.parquet`)
  }

  async keep(id: string): Promise<void> {
    const path = this.pathOf(id)
    const { size } = await stat(path)
    await carried(() => this.client.send(new PutObjectCommand({ ...this.object(id), Body: createReadStream(path), ContentLength: size })))
    await rm(path, { force: true })
  }

  async open(id: string): Promise<OpenResult> {
    const path = join(this.folder, `${id}.${randomUUID()}.parquet`)
    const release = () => rm(path, { force: true })
    try {
      await carried(async () => {
        const { Body } = await this.client.send(new GetObjectCommand(this.object(id)))
        if (!(Body instanceof Readable)) throw new Error('the store sent no body')
        await pipeline(Body, createWriteStream(path))
      })
    } catch (error) {
      await release()
      throw error
    }
    return { path, release }
  }

  async remove(id: string): Promise<void> {
    await rm(this.pathOf(id), { force: true })
    await carried(() => this.client.send(new DeleteObjectCommand(this.object(id))))
  }

  private object(id: string): { Bucket: string; Key: string } {
    return { Bucket: this.place.bucket, Key: `${this.place.prefix}query-results/${id}.parquet` }
  }
}

async function carried<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchKey') throw new ServiceError('notFound', 'The result is not kept any more.')
    const reason = error instanceof Error ? error.message || error.name : String(error)
    throw new ServiceError('storageUnavailable', `The object store did not take or give the result: ${reason}.`)
  }
}
