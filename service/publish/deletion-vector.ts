/** Which rows of a file are deleted, as an action has it. */
export interface DeletionVector {
  readonly storageType: 'i'
  /** The bitmap, in the letters of Z85. */
  readonly pathOrInlineDv: string
  readonly sizeInBytes: number
  readonly cardinality: number
}

const letters = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#'

/** A deletion vector that lies in the log itself. @param bitmap in base64 */
export function inlineVector({ bitmap, cardinality }: { readonly bitmap: string; readonly cardinality: number }): DeletionVector {
  const bytes = Buffer.from(bitmap, 'base64')
  return { storageType: 'i', pathOrInlineDv: z85(bytes), sizeInBytes: bytes.length, cardinality }
}

/** Four bytes as five letters; what is missing to a multiple of four is filled with zeros. @see https://rfc.zeromq.org/spec/32/ */
export function z85(bytes: Buffer): string {
  const padded = Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)])
  let text = ''
  for (let at = 0; at < padded.length; at += 4) {
    const number = padded.readUInt32BE(at)
    for (let power = 85 ** 4; power >= 1; power /= 85) text += letters.charAt(Math.floor(number / power) % 85)
  }
  return text
}
