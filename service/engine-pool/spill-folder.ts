import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** A folder of this process for its engines' pipes and for what DuckDB spills. What processes that were killed have left is removed: a pod
 * that starts again finds its old files, and the process number is the same. */
export function ownSpillFolder(spillDir: string, pid = process.pid): string {
  for (const name of readdirSync(spillDir))
    if (/^\d+$/.test(name) && (Number(name) === pid || !isAlive(Number(name)))) removeSpillFolder(join(spillDir, name))
  const own = join(spillDir, `${pid}`)
  mkdirSync(own, { mode: 0o700 })
  return own
}

export function removeSpillFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // It is somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
