import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { images } from '../../../constructs/versions.ts'
import { programFolder } from '../../service/servers/go-program.ts'

// Builds Loki 3 and a Promtail from the same module, once for all projects of this user: about ten minutes on two cores. Loki's module has
// `replace` lines, which Go only follows in a program's own module, so `go install` is refused: here is such a module, which repeats them.

const version = `v${images.loki3.version}`
const module = `github.com/grafana/loki/v3`
const folder = mkdtempSync(join(tmpdir(), 'logging-programs-'))
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
  go('mod', 'init', 'logging-programs')
  const source = JSON.parse(go('mod', 'download', '-json', `${module}@${version}`))
  const { Replace } = JSON.parse(go('mod', 'edit', '-json', source.GoMod))
  for (const { Old, New } of Replace) {
    // Those that lead into Loki's own folder are published as modules of their own.
    if (New.Version) go('mod', 'edit', '-replace', `${Old.Path}${Old.Version ? `@${Old.Version}` : ''}=${New.Path}@${New.Version}`)
  }
  go('mod', 'edit', '-require', `${module}@${version}`)
  cpSync(join(import.meta.dirname, 'promtail'), join(folder, 'promtail'), { recursive: true })
  writeFileSync(join(folder, 'tools.go'), `//go:build tools\n\npackage tools\n\nimport _ "${module}/cmd/loki"\n`)
  go('mod', 'tidy')
  mkdirSync(programFolder, { recursive: true })
  for (const [name, source] of [
    ['loki', `${module}/cmd/loki`],
    ['promtail', './promtail'],
  ] as const) {
    console.log(`Building ${name} ${version} …`)
    go('build', '-ldflags', '-s -w', '-o', join(folder, 'built', name), source)
    cpSync(join(folder, 'built', name), join(programFolder, name))
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
