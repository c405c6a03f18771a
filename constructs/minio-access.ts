import { type BucketPurpose, lakePrefixes, type StoreUser } from './object-store.ts'

interface Access {
  /** The name of the user's policy in MinIO and of its Secret, `minio-<name>`. */
  readonly name: string
  readonly bucket: BucketPurpose
  readonly objects: readonly string[]
  /** Below which prefixes of the bucket.
   * @default - everywhere in it */
  readonly prefixes?: readonly string[]
}

const read = ['s3:GetObject']
const write = [...read, 's3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts']
const remove = [...write, 's3:DeleteObject']

/** What each user may do with the objects of its one bucket. Everybody may list it, nobody may create, configure or list others.
 * A reader without Put and Delete matters because DuckDB's READ_ONLY attach does not keep a statement from deleting files. */
export const access: Readonly<Record<StoreUser, Access>> = {
  lakeReader: { name: 'lake-reader', bucket: 'lake', objects: read },
  lakeWriter: { name: 'lake-writer', bucket: 'lake', objects: write },
  lakeMaintenance: { name: 'lake-maintenance', bucket: 'lake', objects: remove },
  // All tables, published or not: their files lie side by side. Listing has no bound of prefixes: a reader of Delta asks for files that may not be there, and without a right to list the answer is 403.
  publicationReader: { name: 'publication-reader', bucket: 'lake', objects: read, prefixes: Object.values(lakePrefixes) },
  raw: { name: 'raw', bucket: 'raw', objects: remove },
  logs: { name: 'logs', bucket: 'logs', objects: remove },
  backups: { name: 'backups', bucket: 'backups', objects: remove },
}

export const storeUsers: readonly StoreUser[] = [
  'lakeReader',
  'lakeWriter',
  'lakeMaintenance',
  'publicationReader',
  'raw',
  'logs',
  'backups',
]

/** Both the bucket's own ARN and its objects': the image enforces the bare one for what concerns the bucket. */
export function policyOf({ name, bucket, objects, prefixes = [''] }: Access, buckets: Readonly<Record<BucketPurpose, string>>) {
  return {
    name,
    statements: [
      {
        effect: 'Allow',
        actions: ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'],
        resources: [`arn:aws:s3:::${buckets[bucket]}`],
      },
      { effect: 'Allow', actions: [...objects], resources: prefixes.map(prefix => `arn:aws:s3:::${buckets[bucket]}/${prefix}*`) },
    ],
  }
}
