import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { postgresStopTimeoutMs } from '../settings.ts'
import { StartupError } from '../startup-error.ts'

/** Stops the PostgreSQL that a killed server left running on the folder. Its stale files PostgreSQL cleans up itself. */
export async function stopOrphan(data: string): Promise<void> {
  const pid = processOf(data)
  if (!pid) return
  process.kill(pid, 'SIGINT')
  const deadline = Date.now() + postgresStopTimeoutMs
  while (processOf(data) === pid) {
    if (Date.now() > deadline)
      throw new StartupError(`PostgreSQL (process ${pid}) of an earlier start still holds ${data}: stop it, then start again.`)
    await sleep(20)
  }
}

/** By the command line and not only by the number in the file, which may belong to another program by now. */
function processOf(data: string): number | undefined {
  const file = join(data, 'postmaster.pid')
  const pid = existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : Number.NaN
  return Number.isInteger(pid) && pid > 1 && commandOf(pid).includes(data) ? pid : undefined
}

function commandOf(pid: number): string {
  const linux = `/proc/${pid}/cmdline`
  if (existsSync('/proc/self/cmdline')) return existsSync(linux) ? readFileSync(linux, 'utf8').replaceAll('\0', ' ') : ''
  return spawnSync('ps', ['-o', 'command=', '-p', `${pid}`], { encoding: 'utf8' }).stdout ?? ''
}
