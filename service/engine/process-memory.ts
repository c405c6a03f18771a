import { existsSync, readFileSync } from 'node:fs'

const status = '/proc/self/status'

/** What the process counts with against RLIMIT_DATA. Freed memory may stay with the allocator, and then the next statement lacks it.
 * Elsewhere than on Linux, where that limit is not kept either, the resident size. */
export function processMemoryMb(): number {
  const data = existsSync(status) ? /^VmData:\s+(\d+) kB/m.exec(readFileSync(status, 'utf8'))?.[1] : undefined
  return data === undefined ? process.memoryUsage.rss() / 1_048_576 : Number(data) / 1_024
}
