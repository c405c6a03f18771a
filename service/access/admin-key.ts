import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** A key is `dl_<id>_<secret>`: the id may be logged, the secret never. */
export function makeKey(): string {
  return `dl_${randomBytes(6).toString('hex')}_${randomBytes(24).toString('hex')}`
}

/** All that the gateway keeps of a key. */
export function hashKey(key: string): Buffer {
  return createHash('sha256').update(key).digest()
}

/** Takes the same time however much of the key is right. */
export function isKey(presented: string, hash: Buffer): boolean {
  return timingSafeEqual(hashKey(presented), hash)
}
