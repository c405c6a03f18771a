import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { programFolder } from '../service/servers/go-program.ts'

/** A program to be: its name among those of this user, and the package that it is. */
export type GoProgram = readonly [name: string, source: string]

/** Builds programs on a published module, once for all projects of this user. A module with `replace` lines is none that `go install` takes: Go
 * follows them in a program's own module only, so here is such a module, which repeats them.
 * @param prepare puts source files into the folder */
export function buildOnModule(module: string, version: string, programs: readonly GoProgram[], prepare: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'go-programs-'))
  const go = (...words: string[]): string => {
    const environment = { ...process.env, CGO_ENABLED: '0', GOFLAGS: '-mod=mod -p=2 -trimpath' }
    const { status, stdout } = spawnSync('go', words, {
      cwd: folder,
      env: environment,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    if (status !== 0) throw new Error(`go ${words.join(' ')} failed: its message is above.`)
    return stdout
  }
  try {
    go('mod', 'init', 'go-programs')
    const source = JSON.parse(go('mod', 'download', '-json', `${module}@${version}`))
    const { Replace = [] } = JSON.parse(go('mod', 'edit', '-json', source.GoMod))
    for (const { Old, New } of Replace) {
      // Those that lead into the module's own folder are published as modules of their own.
      if (New.Version) go('mod', 'edit', '-replace', `${Old.Path}${Old.Version ? `@${Old.Version}` : ''}=${New.Path}@${New.Version}`)
    }
    go('mod', 'edit', '-require', `${module}@${version}`)
    prepare(folder)
    go('mod', 'tidy')
    mkdirSync(programFolder, { recursive: true })
    for (const [name, source] of programs) {
      console.log(`Building ${name} ${version} …`)
      go('build', '-ldflags', '-s -w', '-o', join(folder, 'built', name), source)
      cpSync(join(folder, 'built', name), join(programFolder, name))
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
