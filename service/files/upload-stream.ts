import type { Readable } from 'node:stream'
import type { PutObjectCommandInput, S3Client } from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'

/** Parts that are on their way, each of them in memory. */
const partsAtOnce = 2

interface UploadOrder extends Pick<PutObjectCommandInput, 'Bucket' | 'Key' | 'ContentType' | 'IfNoneMatch'> {
  readonly Body: Readable
}

/** Puts a stream of unknown length into a bucket: in one request, or in parts that nobody sees before the last one has arrived.
 * @param left is told of parts that could not be removed after a failure. @returns the object's tag */
export async function uploadStream(
  client: S3Client,
  params: UploadOrder,
  partSize: number,
  left: (uploadId: string) => void = () => {},
): Promise<string> {
  const upload = new Upload({ client, params, partSize, queueSize: partsAtOnce, leavePartsOnError: false })
  try {
    const { ETag = '' } = await upload.done()
    return ETag
  } catch (error) {
    // Nobody reads on: what it still has to say is for nobody either.
    params.Body.on('error', () => {}).destroy()
    // Removing them is the library's; it does not say whether it could.
    if (upload.uploadId !== undefined) left(upload.uploadId)
    throw error
  }
}
