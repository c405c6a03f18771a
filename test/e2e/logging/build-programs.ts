import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { images } from '../../../constructs/versions.ts'
import { buildOnModule } from '../go-module.ts'

// Loki 3 and a Promtail from the same module: about ten minutes on two cores.

const module = 'github.com/grafana/loki/v3'
const programs = [
  ['loki', `${module}/cmd/loki`],
  ['promtail', './promtail'],
] as const

buildOnModule(module, `v${images.loki3.version}`, programs, folder => {
  cpSync(join(import.meta.dirname, 'promtail'), join(folder, 'promtail'), { recursive: true })
  writeFileSync(join(folder, 'tools.go'), `//go:build tools\n\npackage tools\n\nimport _ "${module}/cmd/loki"\n`)
})
