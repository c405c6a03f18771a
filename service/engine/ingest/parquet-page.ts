/** What the header of a page in a Parquet file says. */
export interface PageHeader {
  /** Of the header itself. */
  readonly headerBytes: number
  /** Of what follows it. */
  readonly bytes: number
  /** Rows or items in it; 0 for a dictionary. */
  readonly values: number
}

/** Reads a header, which is written in Thrift's compact protocol.
 * @returns undefined if it is none. @see https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md */
export function readPageHeader(bytes: Buffer): PageHeader | undefined {
  const reader = new CompactReader(bytes)
  try {
    const fields = reader.struct(1)
    const size = fields.get('3')
    if (size === undefined || size < 0) return undefined
    // Data pages of both versions have their number of values first.
    const values = fields.get('5.1') ?? fields.get('8.1') ?? 0
    return values < 0 ? undefined : { headerBytes: reader.at, bytes: size, values }
  } catch {
    return undefined
  }
}

/** Thrift's numbers for types. */
const [isTrue, isFalse, byte, double, binary, list, set, map, struct] = [1, 2, 3, 7, 8, 9, 10, 11, 12]

/** A statistic has no structure in a structure in a structure. */
const maxLevels = 8

class CompactReader {
  at = 0

  constructor(private readonly bytes: Buffer) {}

  /** The whole numbers in it by the path of their fields' ids. @throws RangeError at the end of the bytes */
  struct(level: number, prefix = '', into = new Map<string, number>()): Map<string, number> {
    if (level > maxLevels) throw new RangeError('too many levels')
    let id = 0
    for (;;) {
      const head = this.byte()
      if (head === 0) return into
      const delta = head >> 4
      const type = head & 15
      id = delta === 0 ? this.zigzag() : id + delta
      if (type === struct) this.struct(level + 1, `${prefix}${id}.`, into)
      else {
        const value = this.value(type, level)
        if (value !== undefined) into.set(`${prefix}${id}`, value)
      }
    }
  }

  private value(type: number, level: number): number | undefined {
    if (type === isTrue || type === isFalse) return undefined
    if (type === byte) this.skip(1)
    else if (type === double) this.skip(8)
    else if (type === binary) this.skip(this.varint())
    else if (type === list || type === set || type === map) throw new RangeError('a page header has no lists')
    else if (type === struct) this.struct(level + 1)
    else return this.zigzag()
    return undefined
  }

  private byte(): number {
    return this.bytes.readUInt8(this.skip(1))
  }

  private skip(length: number): number {
    const start = this.at
    if (length < 0 || start + length > this.bytes.length) throw new RangeError('the bytes end')
    this.at += length
    return start
  }

  private varint(): number {
    let [value, factor] = [0, 1]
    for (;;) {
      const next = this.byte()
      value += (next & 127) * factor
      if (next < 128) return value
      factor *= 128
      if (factor > 2 ** 49) throw new RangeError('the number is too long')
    }
  }

  private zigzag(): number {
    const value = this.varint()
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }
}
