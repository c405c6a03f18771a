import { readFileSync } from 'node:fs'

/** What V8 sets aside for compiled code, in MiB. Node 24 maps half a gigabyte writable at once, of which it uses next to nothing; RLIMIT_DATA
 * counts all of it, so it comes on top of what a process may really use. @param maps what the kernel says about a process of this Node */
export function reservedForCodeMb(maps = ownMaps()): number {
  const bytes = [...maps.matchAll(/^([\da-f]+)-([\da-f]+) rwxp /gm)].map(
    ([, from = '0', to = '0']) => parseInt(to, 16) - parseInt(from, 16),
  )
  return Math.ceil(bytes.reduce((sum, size) => sum + size, 0) / 1_048_576)
}

function ownMaps(): string {
  return process.platform === 'linux' ? readFileSync('/proc/self/maps', 'utf8') : ''
}
