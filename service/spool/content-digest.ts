import { createHash, type Hash } from 'node:crypto'
import { ServiceError } from '../errors.ts'

/** The hashes that are checked; a header may carry others too. */
const algorithms = { 'sha-256': 'sha256', 'sha-512': 'sha512' } as const
type Algorithm = keyof typeof algorithms

/** What a caller says about its body. @see https://www.rfc-editor.org/rfc/rfc9530 */
export type Digests = ReadonlyMap<Algorithm, string>

/** One member of the header: a structured field's key and bytes, perhaps with parameters that mean nothing to us. */
const member = /^([a-z*][a-z0-9_.*-]*)=:([A-Za-z0-9+/]*={0,2}):(?:\s*;[^,]*)?$/

/** @returns the digests, in base64, that can be checked. @throws ServiceError if the header cannot be read. */
export function readContentDigest(header: string | undefined): Digests {
  const digests = new Map<Algorithm, string>()
  if (header === undefined) return digests
  for (const text of header.split(',')) {
    const [, name = '', value = ''] = member.exec(text.trim()) ?? []
    if (!name) throw new ServiceError('invalidRequest', `Content-Digest is "${header}": use sha-256=:…: with the digest in base64.`)
    if (isKnown(name)) digests.set(name, Buffer.from(value, 'base64').toString('base64'))
  }
  return digests
}

function isKnown(name: string): name is Algorithm {
  return name in algorithms
}

/** Hashes a body as it passes. SHA-256 is always computed: by it a repeated request is told from another one. */
export class BodyDigest {
  private readonly hashes: ReadonlyMap<Algorithm, Hash>

  constructor(private readonly expected: Digests) {
    this.hashes = new Map([...new Set<Algorithm>(['sha-256', ...expected.keys()])].map(name => [name, createHash(algorithms[name])]))
  }

  update(chunk: Buffer): void {
    for (const hash of this.hashes.values()) hash.update(chunk)
  }

  /** @returns the SHA-256 in base64. @throws ServiceError digestMismatch if the body is not the one that the caller meant. */
  finish(): string {
    const found = new Map([...this.hashes].map(([name, hash]) => [name, hash.digest('base64')]))
    for (const [name, digest] of this.expected) {
      const actual = found.get(name)
      if (actual !== digest)
        throw new ServiceError(
          'digestMismatch',
          `Content-Digest says ${name}=:${digest}:, what arrived has ${name}=:${actual}:. Nothing was kept: send it again.`,
        )
    }
    return found.get('sha-256') ?? ''
  }
}
