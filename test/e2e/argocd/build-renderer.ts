import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { buildOnModule } from '../go-module.ts'

// Argo CD's repo-server without its server: two minutes on two cores. Its newest release of which all parts are published as modules.

buildOnModule('github.com/argoproj/argo-cd/v3', 'v3.2.12', [['argocd-render', './render']], folder =>
  cpSync(join(import.meta.dirname, 'render'), join(folder, 'render'), { recursive: true }),
)
