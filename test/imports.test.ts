import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const generated = readdirSync('imports').filter(name => name.endsWith('.ts'))

it('the generated types are what the CRD files give', () => {
  const folder = mkdtempSync(join(tmpdir(), 'imports-'))
  cpSync('cdk8s.yaml', join(folder, 'cdk8s.yaml'))
  cpSync('imports/crds', join(folder, 'imports', 'crds'), { recursive: true })
  const cli = join(process.cwd(), 'node_modules', 'cdk8s-cli', 'bin', 'cdk8s')
  execFileSync(process.execPath, [cli, 'import'], { cwd: folder, env: { ...process.env, CDK8S_CHECK_UPGRADE: 'false' }, stdio: 'pipe' })
  for (const name of generated)
    expect(readFileSync(join(folder, 'imports', name), 'utf8'), name).toBe(readFileSync(join('imports', name), 'utf8'))
  rmSync(folder, { recursive: true })
})

it('the CRD files hold names and types, and nobody else’s words', () => {
  for (const name of readdirSync('imports/crds'))
    expect(readFileSync(join('imports/crds', name), 'utf8'), name).not.toMatch(/^\s*(- )?description: (?!\{)/m)
})
