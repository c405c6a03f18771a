import { spawnSync } from 'node:child_process'
import { InvalidValue } from '../../invalid.ts'
import { quoted } from '../cluster-tool.ts'

/** Runs a program and prints it as a person would type it. @returns what it wrote to standard output
 * @throws InvalidValue with its last words, if it fails */
export function runStep(program: string, words: readonly string[], folder: string): string {
  console.log(`$ ${[program, ...words].map(quoted).join(' ')}`)
  const { status, error, stdout, stderr } = spawnSync(program, words, { cwd: folder, encoding: 'utf8', maxBuffer: 64 * 1_048_576 })
  if (error) throw new InvalidValue(`${program} does not run: ${error.message}.`)
  if (status !== 0) throw new InvalidValue(`${program} failed: ${(stderr.trim() || stdout.trim()).split('\n').slice(-5).join('\n')}`)
  return stdout
}
