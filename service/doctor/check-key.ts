import { randomUUID } from 'node:crypto'
import {
  AbortMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  type S3Client,
} from '@aws-sdk/client-s3'
import type { BucketPlace } from '../catalog/lake-connection.ts'
import { connectS3 } from '../storage/connect-s3.ts'
import { type Finding, fault, messageOf, ok, warning } from './finding.ts'

/** How long one question to the object store may take. */
const timeoutMs = 10_000

/** A key of the settings, and what it should be able to do with objects. */
export interface KeyToCheck {
  /** What the names of its settings begin with: S3_READER, for S3_READER_KEY_ID and S3_READER_SECRET. */
  readonly prefix: string
  readonly place: BucketPlace
  readonly put: boolean
  readonly remove: boolean
}

/** Whether a key is taken, finds its bucket, and may do what its class does and no more. Nothing is left behind: what is got and deleted is an
 * object that there is not, and what is put is an upload in parts that is given up before its first. */
export async function checkKey({ prefix, place, put, remove }: KeyToCheck): Promise<Finding> {
  const where = `s3://${place.bucket}/${place.prefix}`
  const client = connectS3(place)
  try {
    const refusal = await refusalOf(
      client.send(new ListObjectsV2Command({ Bucket: place.bucket, Prefix: place.prefix, MaxKeys: 1 }), until()),
    )
    if (refusal) return refusalFinding(refusal, prefix, place, where)
    const may = await rightsOf(client, { Bucket: place.bucket, Key: `${place.prefix}doctor-${randomUUID()}` })
    const lacks = [
      ...(may.get ? [] : ['GetObject']),
      ...(put && !may.put ? ['PutObject'] : []),
      ...(remove && !may.remove ? ['DeleteObject'] : []),
    ]
    if (lacks.length > 0)
      return fault(
        'storage',
        `The key of ${prefix}_KEY_ID lacks ${lacks.join(' and ')}.`,
        where,
        'Give its user a policy that has it: constructs/minio-access.ts has the right ones.',
      )
    const excess = [...(!put && may.put ? ['PutObject'] : []), ...(!remove && may.remove ? ['DeleteObject'] : [])]
    if (excess.length > 0)
      return warning(
        'storage',
        `The key of ${prefix}_KEY_ID has ${excess.join(' and ')}, which it should not.`,
        where,
        'Take it away: keys, not DuckDB, keep a statement from deleting files. constructs/minio-access.ts has the right policies.',
      )
    return ok(
      'storage',
      `The key of ${prefix}_KEY_ID may ${['read', ...(put ? ['write'] : []), ...(remove ? ['delete'] : [])].join(', ')}.`,
      where,
    )
  } finally {
    client.destroy()
  }
}

async function rightsOf(client: S3Client, object: { readonly Bucket: string; readonly Key: string }) {
  const get = await refusalOf(client.send(new GetObjectCommand(object), until()))
  const removal = await refusalOf(client.send(new DeleteObjectCommand(object), until()))
  const upload = client.send(new CreateMultipartUploadCommand(object), until())
  const putting = await refusalOf(upload)
  if (!putting) {
    const { UploadId } = await upload
    await refusalOf(client.send(new AbortMultipartUploadCommand({ ...object, UploadId }), until()))
  }
  return { get: get?.code !== 'AccessDenied', put: putting?.code !== 'AccessDenied', remove: removal?.code !== 'AccessDenied' }
}

interface Refusal {
  readonly code: string
  readonly message: string
}

async function refusalOf(answer: Promise<unknown>): Promise<Refusal | undefined> {
  try {
    await answer
    return undefined
  } catch (error) {
    return { code: error instanceof Error ? error.name : '', message: messageOf(error) }
  }
}

function refusalFinding({ code, message }: Refusal, prefix: string, { bucket, keyId }: BucketPlace, where: string): Finding {
  const fails = (what: string, todo: string) => fault('storage', what, where, todo)
  switch (code) {
    case 'SignatureDoesNotMatch':
      return fails(`The secret of the key ${keyId} is another one.`, `Set ${prefix}_SECRET to the secret of ${keyId}.`)
    case 'InvalidAccessKeyId':
      return fails(`There is no key ${keyId}.`, `Set ${prefix}_KEY_ID to one that there is, or make the user.`)
    case 'NoSuchBucket':
      return fails(`There is no bucket ${bucket}.`, `Make the bucket ${bucket}, or mend the path that names it.`)
    case 'AccessDenied':
      return fails(
        `The key ${keyId} may not list the bucket ${bucket}, if there is one.`,
        `Make the bucket if it is missing, and give the key's user a policy for it: constructs/minio-access.ts has the right ones.`,
      )
    case 'RequestTimeTooSkewed':
      return fails(
        'It refuses requests because the clocks differ.',
        'Set the clock of this machine or of the object store: chrony or systemd-timesyncd keep it right.',
      )
    default:
      return fails(
        `It answers ${code}: ${message}`,
        'See whether S3_ENDPOINT is an object store, and S3_URL_STYLE and S3_REGION are what it takes.',
      )
  }
}

function until() {
  return { abortSignal: AbortSignal.timeout(timeoutMs) }
}
