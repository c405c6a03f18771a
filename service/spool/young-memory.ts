import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Bytes of bodies between two looks. */
const everyBytes = 4_194_304

/** Frees what bodies have passed through. Node reads a socket into new memory each time, and V8 lets 32 MB of that pile up before it looks
 * which of it is still in use: a bound that is built in, and that no flag lowers. A look at the young objects takes half a millisecond. */
export class YoungMemory {
  private bytes = 0

  passed(bytes: number): void {
    this.bytes += bytes
    if (this.bytes < everyBytes) return
    this.bytes = 0
    collect?.({ type: 'minor' })
  }
}

const collect = findCollector()

/** V8's own, which it shows to contexts that are made after it was told to. */
function findCollector(): ((options: { readonly type: 'minor' }) => void) | undefined {
  setFlagsFromString('--expose-gc')
  const found: unknown = runInNewContext('gc')
  return typeof found === 'function' ? options => void Reflect.apply(found, undefined, [options]) : undefined
}
