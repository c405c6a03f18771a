import { createHash, createHmac } from 'node:crypto'
import type { StorageAddress, StorageKey } from '../catalog/lake-connection.ts'

/** The headers that make a request without a body valid for S3, signed with version 4.
 * @param path of the URL, without characters that would have to be encoded.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html */
export function signRequest(
  method: string,
  host: string,
  path: string,
  { region, keyId, secret }: Pick<StorageAddress, 'region'> & StorageKey,
  now = new Date(),
): Record<string, string> {
  const time = now.toISOString().replace(/[-:]|\.\d{3}/g, '')
  const scope = `${time.slice(0, 8)}/${region}/s3/aws4_request`
  const headers: Record<string, string> = { host, 'x-amz-content-sha256': hash(''), 'x-amz-date': time }
  const names = Object.keys(headers).join(';')
  const request = [method, path, '', ...Object.entries(headers).map(header => header.join(':')), '', names, hash('')].join('\n')
  const key = scope.split('/').reduce<string | Buffer>((parent, part) => hmac(parent, part).digest(), `AWS4${secret}`)
  const signature = hmac(key, ['AWS4-HMAC-SHA256', time, scope, hash(request)].join('\n')).digest('hex')
  return { ...headers, authorization: `AWS4-HMAC-SHA256 Credential=${keyId}/${scope}, SignedHeaders=${names}, Signature=${signature}` }
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function hmac(key: string | Buffer, text: string) {
  return createHmac('sha256', key).update(text)
}
