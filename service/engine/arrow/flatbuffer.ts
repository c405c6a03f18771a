/** A table of a flatbuffer: its fields in the order of their ids, `undefined` for one that keeps its default.
 * @see https://flatbuffers.dev/internals/ */
export type Table = readonly (Value | undefined)[]

export type Value =
  | { readonly kind: 'bool' | 'uint8' | 'int16' | 'int32' | 'int64'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'table'; readonly value: Table }
  | { readonly kind: 'tables'; readonly value: readonly Table[] }
  /** Structs that consist of this many int64 each. */
  | { readonly kind: 'structs'; readonly value: readonly (readonly number[])[] }

const widths = { bool: 1, uint8: 1, int16: 2, int32: 4, int64: 8, text: 4, table: 4, tables: 4, structs: 4 } as const

/** Encodes a table as the root of a buffer. Its length is a multiple of 8. */
export function encodeFlatbuffer(root: Table): Buffer {
  const writer = new FlatbufferWriter()
  return writer.finish(root)
}

/** Writes front to back: each reference points to something that follows it. */
class FlatbufferWriter {
  private bytes = Buffer.alloc(1_024)
  private length = 0

  finish(root: Table): Buffer {
    const at = this.take(4, 4)
    this.refer(at, this.writeTable(root))
    this.take(0, 8)
    return this.bytes.subarray(0, this.length)
  }

  /** What lies at `place` refers to what was written at `target`. */
  private refer(place: number, target: number): void {
    this.bytes.writeUInt32LE(target - place, place)
  }

  /** @returns where `size` zeros begin, so that what lies `before` bytes further on is aligned. */
  private take(size: number, alignment: number, before = 0): number {
    const start = Math.ceil((this.length + before) / alignment) * alignment - before
    this.length = start + size
    if (this.length > this.bytes.length) this.bytes = Buffer.concat([this.bytes], this.length * 2)
    return start
  }

  private writeTable(table: Table): number {
    const places = table.map(() => 0)
    let size = 4
    table.forEach((field, id) => {
      if (!field) return
      const width = widths[field.kind]
      const place = Math.ceil(size / width) * width
      places[id] = place
      size = place + width
    })
    const vtable = this.take(4 + 2 * table.length, 2)
    const at = this.take(size, 8)
    this.bytes.writeInt32LE(at - vtable, at)
    this.bytes.writeUInt16LE(4 + 2 * table.length, vtable)
    this.bytes.writeUInt16LE(size, vtable + 2)
    places.forEach((place, id) => {
      this.bytes.writeUInt16LE(place, vtable + 4 + 2 * id)
    })
    table.forEach((field, id) => {
      if (field) this.writeField(field, at + (places[id] ?? 0))
    })
    return at
  }

  private writeField(field: Value, at: number): void {
    switch (field.kind) {
      case 'bool':
      case 'uint8':
        this.bytes.writeUInt8(field.value, at)
        break
      case 'int16':
        this.bytes.writeInt16LE(field.value, at)
        break
      case 'int32':
        this.bytes.writeInt32LE(field.value, at)
        break
      case 'int64':
        this.bytes.writeBigInt64LE(BigInt(field.value), at)
        break
      case 'text':
        this.refer(at, this.writeText(field.value))
        break
      case 'table':
        this.refer(at, this.writeTable(field.value))
        break
      case 'tables':
        this.refer(at, this.writeTables(field.value))
        break
      case 'structs':
        this.refer(at, this.writeStructs(field.value))
    }
  }

  private writeText(text: string): number {
    const size = Buffer.byteLength(text)
    // With a NUL behind it.
    const at = this.take(4 + size + 1, 4)
    this.bytes.writeUInt32LE(size, at)
    this.bytes.write(text, at + 4)
    return at
  }

  private writeTables(tables: readonly Table[]): number {
    const at = this.take(4 + 4 * tables.length, 4)
    this.bytes.writeUInt32LE(tables.length, at)
    tables.forEach((table, index) => {
      this.refer(at + 4 + 4 * index, this.writeTable(table))
    })
    return at
  }

  private writeStructs(structs: readonly (readonly number[])[]): number {
    const numbers = structs.flat()
    const at = this.take(4 + 8 * numbers.length, 8, 4)
    this.bytes.writeUInt32LE(structs.length, at)
    numbers.forEach((number, index) => {
      this.bytes.writeBigInt64LE(BigInt(number), at + 4 + 8 * index)
    })
    return at
  }
}
