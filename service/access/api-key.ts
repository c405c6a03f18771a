import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

const form = /^dl_([\da-f]{12})_[\da-f]{48}$/

/** A key is `dl_<id>_<secret>`, with 192 random bits in the secret: the id may be logged, the secret never. */
export function makeKey(): string {
  return `dl_${randomBytes(6).toString('hex')}_${randomBytes(24).toString('hex')}`
}

/** @returns undefined if the text has not the form of a key */
export function idOfKey(key: string): string | undefined {
  return form.exec(key)?.[1]
}

/** All that is kept of a key. A fast hash is enough for a text that nobody can guess. */
export function hashKey(key: string): Buffer {
  return createHash('sha256').update(key).digest()
}

/** Takes the same time however much of the key is right. */
export function isKey(presented: string, hash: Buffer): boolean {
  return timingSafeEqual(hashKey(presented), hash)
}
