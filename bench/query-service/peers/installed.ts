import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'

const folder = resolve('node_modules', '.cache', 'bench-peers')

/** ROAPI's program, fetched from PyPI once. @returns undefined if it cannot be had */
export function roapiProgram(): string | undefined {
  const program = join(folder, 'roapi', 'bin', 'roapi')
  if (!existsSync(program)) run('python3', ['-m', 'pip', 'install', '--quiet', '--target', join(folder, 'roapi'), 'roapi==0.12.7'])
  return existsSync(program) ? program : undefined
}

/** chDB's module, 550 MB with its library, fetched from npm once. @returns undefined if it cannot be had */
export function chdbModule(): string | undefined {
  const module = join(folder, 'node_modules', 'chdb', 'index.mjs')
  if (!existsSync(module)) run('npm', ['install', '--prefix', folder, '--no-save', '--ignore-scripts', 'chdb@3.4.0'])
  return existsSync(module) ? module : undefined
}

function run(program: string, words: readonly string[]): void {
  const { status, stderr } = spawnSync(program, words, { encoding: 'utf8' })
  if (status !== 0) console.log(`${program} ${words.join(' ')}: ${stderr?.trim().split('\n').at(-1)}`)
}
