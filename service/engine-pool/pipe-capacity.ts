import { createRequire } from 'node:module'

/** Linux' number for it. @see https://man7.org/linux/man-pages/man2/F_GETPIPE_SZ.2const.html */
const setPipeSize = 1031

/** The most that a process without privileges may ask for, where nobody has changed `fs.pipe-max-size`. */
const wantedBytes = 1_048_576

/** Lets a pipe hold more than its 64 KiB: then an engine seldom waits for its reader, and each read brings more. Node has no call for it, so it
 * goes through koffi. Where that cannot be loaded, or the system refuses, the pipe stays as it is, and works. */
export function enlargePipe(descriptor: number): void {
  control ??= process.platform === 'linux' ? loadControl() : () => {}
  control(descriptor)
}

let control: ((descriptor: number) => void) | undefined

function loadControl(): (descriptor: number) => void {
  try {
    const koffi: typeof import('koffi').default = createRequire(import.meta.url)('koffi')
    const fcntl = koffi.load(null).func('int fcntl(int descriptor, int command, ...)')
    return descriptor => void fcntl(descriptor, setPipeSize, 'int', wantedBytes)
  } catch {
    return () => {}
  }
}
