import { ServiceError } from '../errors.ts'

/** S3's limit of a key, and what file systems and MinIO take as one name in it. */
const maxKeyBytes = 1_024
const maxPartBytes = 255

/** Control characters, and code points that no text has: a list in XML could not show them. */
const unfit = /[\p{Cc}\p{Noncharacter_Code_Point}\\]/u

/** The key of an object, checked: parts with `/` between them, none of which is empty or leads elsewhere.
 * @throws ServiceError invalidRequest that says what is wrong with it */
export function checkKey(key: string): string {
  const fault = faultOf(key)
  if (fault) throw new ServiceError('invalidRequest', `The key ${fault}`)
  return key
}

/** Whether a name that was found is one that this service may have given. */
export function isKey(name: string): boolean {
  return faultOf(name) === undefined
}

/** The beginning of keys. @throws ServiceError invalidRequest */
export function checkPrefix(prefix: string): string {
  if (unfit.test(prefix) || Buffer.byteLength(prefix) > maxKeyBytes)
    throw new ServiceError('invalidRequest', `prefix is longer than ${maxKeyBytes} bytes, or holds what no key does: see docs/objects.md.`)
  return prefix
}

function faultOf(key: string): string | undefined {
  if (key === '') return 'is empty: it is what comes behind /v1/objects/.'
  if (Buffer.byteLength(key) > maxKeyBytes) return `has more than ${maxKeyBytes} bytes in UTF-8.`
  if (!key.isWellFormed() || unfit.test(key)) return 'holds a control character, a backslash or what is no text: leave it out.'
  for (const part of key.split('/')) {
    if (part === '') return 'has an empty part: it must not begin or end with / nor have two of them in a row.'
    if (part === '.' || part === '..') return `has the part ${part}: it cannot lead elsewhere.`
    if (Buffer.byteLength(part) > maxPartBytes) return `has a part of more than ${maxPartBytes} bytes: put a / into it.`
  }
  return undefined
}
