import type { IncomingHttpHeaders } from 'node:http'
import { ServiceError } from '../errors.ts'
import type { ListedObject } from './object-store.ts'

type Version = Pick<ListedObject, 'etag' | 'modifiedAt'>

/** Whether a request wants the object, by what its sender knows of it already.
 * @returns false: it has the same. @throws ServiceError preconditionFailed if it wanted another version
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-precedence-of-preconditions */
export function isWanted(headers: IncomingHttpHeaders, found: Version): boolean {
  const { 'if-match': match, 'if-unmodified-since': unmodified, 'if-none-match': noneMatch, 'if-modified-since': modified } = headers
  if (match !== undefined ? !names(match, found, true) : changedSince(unmodified, found) === true)
    throw new ServiceError('preconditionFailed', `The object is another version by now: its ETag is "${found.etag}".`)
  return noneMatch !== undefined ? !names(noneMatch, found, false) : changedSince(modified, found) !== false
}

/** Whether a range is of the version that the sender has the rest of. */
export function isSameVersion(ifRange: string | undefined, found: Version): boolean {
  if (ifRange === undefined) return true
  return ifRange.includes('"') ? ifRange.trim() === `"${found.etag}"` : ifRange.trim() === found.modifiedAt.toUTCString()
}

function names(header: string, { etag }: Version, strong: boolean): boolean {
  const tags = header.split(',').map(tag => (strong ? tag.trim() : tag.trim().replace(/^W\//, '')))
  return tags.includes('*') || tags.includes(`"${etag}"`)
}

/** Dates in headers have whole seconds. @returns undefined if there is none that can be read */
function changedSince(header: string | undefined, { modifiedAt }: Version): boolean | undefined {
  const since = Date.parse(header ?? '')
  return Number.isNaN(since) ? undefined : Math.floor(modifiedAt.getTime() / 1_000) * 1_000 > since
}
