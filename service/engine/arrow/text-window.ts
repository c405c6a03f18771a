import duckdb from '@duckdb/node-bindings'
import { isValid, type Mask } from './validity.ts'

/** Texts that lie further apart than this are not fetched together. It has to be less than a page of memory: then every page between the
 * first and the last of them holds a part of one, and may be read. */
const gapBytes = 64

/** Up to this length a loop over words copies faster than a call. */
const loopBytes = 64

/** The long texts of a vector, which lie in memory of DuckDB's. Fetching one costs a native call and an object, and DuckDB copies the
 * texts of a result behind each other: so all that follow are fetched together. Of what lies between them nothing is taken over. */
export class TextWindow {
  private bytes: Uint8Array = new Uint8Array()
  private view: DataView = new DataView(new ArrayBuffer(0))
  private low = 0
  private endRow = 0

  constructor(
    private readonly entries: DataView,
    private readonly mask: Mask,
    private readonly rows: number,
  ) {}

  copy(row: number, length: number, target: Uint8Array, targetView: DataView, to: number): void {
    if (row >= this.endRow) this.open(row)
    const from = addressAt(this.entries, row) - this.low
    if (length > loopBytes) {
      target.set(this.bytes.subarray(from, from + length), to)
      return
    }
    const last = length - 4
    for (let at = 0; at < last; at += 4) targetView.setUint32(to + at, this.view.getUint32(from + at, true), true)
    targetView.setUint32(to + last, this.view.getUint32(from + last, true), true)
  }

  /** Fetches the texts from this row on, as long as each follows the one before. */
  private open(first: number): void {
    const { entries } = this
    const low = addressAt(entries, first)
    let high = low
    let row = first
    for (; row < this.rows; row += 1) {
      const length = entries.getUint32(row * 16, true)
      if (length <= 12 || !isValid(this.mask, row)) continue
      const address = addressAt(entries, row)
      if (address < high || address > high + gapBytes) break
      high = address + length
    }
    this.bytes = duckdb.get_data_from_pointer(bufferOf(entries), entries.byteOffset + first * 16 + 8, high - low)
    this.view = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.byteLength)
    this.low = low
    this.endRow = row
  }
}

/** User space has 47 bits: a number holds an address exactly. */
function addressAt(entries: DataView, row: number): number {
  return entries.getUint32(row * 16 + 8, true) + entries.getUint32(row * 16 + 12, true) * 0x1_0000_0000
}

function bufferOf(view: DataView): ArrayBuffer {
  if (view.buffer instanceof ArrayBuffer) return view.buffer
  throw new TypeError('a vector lies in shared memory')
}
