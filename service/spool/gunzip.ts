import { createGunzip, type Gunzip } from 'node:zlib'
import { ServiceError } from '../errors.ts'

/** Bytes that come out for each one that goes in. Repetitive CSV reaches 100, what is made to fill a disk 1,000. */
const maxRatio = 250

/** Below this much the ratio says nothing. */
const ratioFromBytes = 16_777_216

/** How much comes out at once. */
const chunkBytes = 262_144

/** A stream that unpacks a body. @throws ServiceError unsupportedMediaType if it is packed in another way. @returns undefined if not at all */
export function gunzipFor(contentEncoding: string | undefined): Gunzip | undefined {
  const encoding = contentEncoding?.trim().toLowerCase() || 'identity'
  if (encoding === 'identity') return undefined
  if (encoding === 'gzip' || encoding === 'x-gzip') return createGunzip({ chunkSize: chunkBytes })
  throw new ServiceError('unsupportedMediaType', `Content-Encoding is ${encoding}: use gzip, or none.`)
}

/** @throws ServiceError bodyTooLarge if so much of so little is what somebody made to do harm. */
export function assertRatio(receivedBytes: number, unpackedBytes: number): void {
  if (unpackedBytes > ratioFromBytes && unpackedBytes > receivedBytes * maxRatio)
    throw new ServiceError('bodyTooLarge', `The body unpacks to more than ${maxRatio} times its size: send it without Content-Encoding.`)
}
