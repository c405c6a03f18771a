import { spawnSync } from 'node:child_process'
import { accessSync, constants, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'

/** Where programs are built to, once for all projects of this user. */
export const programFolder = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'ducklake-platform', 'bin')

/** Where a program lies: on the PATH, else where an earlier test run built it. */
export function findProgram(name: string): string | undefined {
  return [...(process.env.PATH ?? '').split(delimiter).filter(Boolean), programFolder].map(folder => join(folder, name)).find(isRunnable)
}

export function hasGo(): boolean {
  return spawnSync('go', ['version']).status === 0
}

/** Builds a program that its makers publish as a module of Go, once for all projects of this user. Nothing happens if it is there, or if
 * there is no Go. @param module with its version; the last part of its path is what Go calls the program */
export function buildProgram(name: string, module: string): void {
  if (findProgram(name) || !hasGo()) return
  mkdirSync(programFolder, { recursive: true })
  const folder = mkdtempSync(join(programFolder, 'build-'))
  console.log(`Building ${module} once, into ${programFolder}: this can take minutes …`)
  const environment = { ...process.env, GOBIN: folder, CGO_ENABLED: '0', GOFLAGS: '-p=2 -trimpath' }
  const built = spawnSync('go', ['install', '-ldflags', '-s -w', module], { env: environment, stdio: ['ignore', 'inherit', 'inherit'] })
  const program = module.replace(/@.*/, '').split('/').at(-1) ?? name
  if (built.status === 0) renameSync(join(folder, program), join(programFolder, name))
  rmSync(folder, { recursive: true, force: true })
}

function isRunnable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
