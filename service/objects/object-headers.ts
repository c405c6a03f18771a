import { create } from 'content-disposition'
import type { ListedObject, ObjectProperties } from './object-store.ts'

/** Headers of an object. Whatever somebody has stored is a file to save: none of it may run in a browser as a page of this service. */
export function objectHeaders(found: ObjectProperties): Readonly<Record<string, string>> {
  return {
    ...versionHeaders(found),
    'content-type': found.contentType,
    'content-disposition': create(found.key.split('/').at(-1)),
    'x-content-type-options': 'nosniff',
    'content-security-policy': "sandbox; default-src 'none'",
    'cross-origin-resource-policy': 'same-origin',
    'accept-ranges': 'bytes',
  }
}

/** Those that an answer without the bytes has too. */
export function versionHeaders({ etag, modifiedAt }: Pick<ListedObject, 'etag' | 'modifiedAt'>): Readonly<Record<string, string>> {
  return {
    etag: `"${etag}"`,
    'last-modified': modifiedAt.toUTCString(),
    'cache-control': 'private, no-cache',
    vary: 'authorization',
  }
}
