import { readdirSync, readFileSync } from 'node:fs'

const ticksPerSecond = 100
const pageBytes = 4_096

interface Process {
  readonly pid: number
  readonly parent: number
  readonly cpuS: number
  readonly rssBytes: number
}

/** What a process and all below it have used, in CPU those that have ended too. Linux only. */
export function costsOf(pid: number): { readonly cpuS: number; readonly rssMb: number; readonly processes: number } {
  const all = readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(read)
  const family = new Set([pid])
  for (let size = 0; size < family.size; ) {
    size = family.size
    for (const each of all) if (family.has(each.parent)) family.add(each.pid)
  }
  const members = all.filter(each => family.has(each.pid))
  return {
    cpuS: members.reduce((sum, { cpuS }) => sum + cpuS, 0),
    rssMb: members.reduce((sum, { rssBytes }) => sum + rssBytes, 0) / 1_048_576,
    processes: members.length,
  }
}

/** Resident memory of one process alone. */
export function rssMbOf(pid: number): number {
  return (read(`${pid}`)[0]?.rssBytes ?? Number.NaN) / 1_048_576
}

/** Resident memory of the largest process that one has started. */
export function largestBelowMb(pid: number): number {
  const below = readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(read)
    .filter(({ parent }) => parent === pid)
  return Math.max(0, ...below.map(({ rssBytes }) => rssBytes)) / 1_048_576
}

function read(pid: string): Process[] {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ')
    const [, parent, , , , , , , , , , user, system, userOfEnded, systemOfEnded] = fields
    return [
      {
        pid: Number(pid),
        parent: Number(parent),
        cpuS: (Number(user) + Number(system) + Number(userOfEnded) + Number(systemOfEnded)) / ticksPerSecond,
        rssBytes: Number(fields[21]) * pageBytes,
      },
    ]
  } catch {
    // It ended meanwhile.
    return []
  }
}
