import { existsSync, readFileSync } from 'node:fs'
import { reservedForCodeMb } from '../reserved-for-code.ts'

const status = '/proc/self/status'
const reservedMb = reservedForCodeMb()

/** What the process counts with against its share of RLIMIT_DATA: without what V8 sets aside, which comes on top of the share. Freed memory may
 * stay with the allocator, and then the next statement lacks it. Elsewhere than on Linux, where that limit is not kept either, the resident
 * size. @param text what the kernel says about the process @param setAsideMb by V8 */
export function processMemoryMb(text = ownStatus(), setAsideMb = reservedMb): number {
  const data = /^VmData:\s+(\d+) kB/m.exec(text)?.[1]
  return data === undefined ? process.memoryUsage.rss() / 1_048_576 : Number(data) / 1_024 - setAsideMb
}

function ownStatus(): string {
  return existsSync(status) ? readFileSync(status, 'utf8') : ''
}
