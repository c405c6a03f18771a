import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'

/** A random text that is made once and then kept for its owner's eyes only. */
export function keptSecret(file: string, make: () => string = () => randomBytes(24).toString('base64url')): string {
  if (existsSync(file)) return readFileSync(file, 'utf8').trim()
  const secret = make()
  writeWhole(file, `${secret}\n`)
  return secret
}

/** By renaming: after a kill there is the whole file or none. */
export function writeWhole(file: string, text: string): void {
  writeFileSync(`${file}.new`, text, { mode: 0o600 })
  renameSync(`${file}.new`, file)
}
