/** Numbers that one container of a bitmap may hold as a list: beyond it 8 KB of bits are shorter. */
const maxListed = 4_096
const bitsBytes = 8_192

/** What stands before a bitmap of 32-bit numbers without runs, and before a list of such bitmaps. */
const cookie = 12_346
const arrayMagic = 1_681_511_377

/** Containers by the upper 16 bits of what is in them; each has the lower ones. */
type Containers = Map<number, number[]>

/** Numbers from 0, in the format of deletion vectors: RoaringBitmaps for the lower 32 bits, one for each value of the upper ones.
 * @see https://github.com/delta-io/delta/blob/master/PROTOCOL.md#deletion-vector-format
 * @see https://github.com/RoaringBitmap/RoaringFormatSpec */
export class RoaringBitmap {
  /** Numbers in it. */
  cardinality = 0
  private readonly bitmaps = new Map<number, Containers>()
  private last = -1

  /** @param position larger than all before. */
  add(position: number): void {
    if (!Number.isSafeInteger(position) || position <= this.last) throw new Error(`${position} does not come after ${this.last}`)
    this.last = position
    this.cardinality += 1
    const low = position % 2 ** 32
    const containers = entry(this.bitmaps, Math.floor(position / 2 ** 32), (): Containers => new Map())
    entry(containers, low >>> 16, (): number[] => []).push(low & 0xffff)
  }

  serialize(): Buffer {
    const head = Buffer.alloc(12)
    head.writeUInt32LE(arrayMagic, 0)
    head.writeBigUInt64LE(BigInt(this.bitmaps.size), 4)
    return Buffer.concat([
      head,
      ...[...this.bitmaps].flatMap(([upper, containers]) => [uint32(upper), ...serializedContainers(containers)]),
    ])
  }
}

function serializedContainers(containers: Containers): Buffer[] {
  const count = containers.size
  const head = Buffer.alloc(8 + count * 8)
  head.writeUInt32LE(cookie, 0)
  head.writeUInt32LE(count, 4)
  const bodies: Buffer[] = []
  let offset = head.length
  for (const [index, [key, values]] of [...containers].entries()) {
    const body = values.length <= maxListed ? listed(values) : bits(values)
    head.writeUInt16LE(key, 8 + index * 4)
    head.writeUInt16LE(values.length - 1, 10 + index * 4)
    head.writeUInt32LE(offset, 8 + count * 4 + index * 4)
    offset += body.length
    bodies.push(body)
  }
  return [head, ...bodies]
}

function listed(values: readonly number[]): Buffer {
  const body = Buffer.alloc(values.length * 2)
  for (const [index, value] of values.entries()) body.writeUInt16LE(value, index * 2)
  return body
}

function bits(values: readonly number[]): Buffer {
  const body = Buffer.alloc(bitsBytes)
  for (const value of values) body.writeUInt8(body.readUInt8(value >>> 3) | (1 << (value & 7)), value >>> 3)
  return body
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

function entry<Value>(map: Map<number, Value>, key: number, made: () => Value): Value {
  const known = map.get(key)
  if (known !== undefined) return known
  const value = made()
  map.set(key, value)
  return value
}
