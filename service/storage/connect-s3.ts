import { readFileSync } from 'node:fs'
import { Agent } from 'node:https'
import { S3Client } from '@aws-sdk/client-s3'
import type { StorageAddress, StorageKey } from '../catalog/lake-connection.ts'

/** A server that swallows packets must not hold a request for ever; a large object may take long as long as bytes flow. */
const connectTimeoutMs = 5_000
const idleTimeoutMs = 30_000

export function connectS3({ endpoint, region, pathStyle, tls, caFile, keyId, secret }: StorageAddress & StorageKey): S3Client {
  return new S3Client({
    endpoint: `${tls ? 'https' : 'http'}://${endpoint}`,
    region,
    forcePathStyle: pathStyle,
    credentials: { accessKeyId: keyId, secretAccessKey: secret },
    // MinIO of every age understands requests without the newer checksums.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: connectTimeoutMs,
      socketTimeout: idleTimeoutMs,
      ...(caFile !== undefined && { httpsAgent: new Agent({ keepAlive: true, ca: readFileSync(caFile) }) }),
    },
  })
}
