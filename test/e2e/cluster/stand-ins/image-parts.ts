import { spawnSync } from 'node:child_process'
import { copyFileSync, cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { binariesIn, copyLibraries, copyProgram, makeRoot } from '../../../../constructs/commands/image-archive/copy-programs.ts'
import { podSecurity } from '../../../../constructs/security-context.ts'
import { findPostgres } from '../../../../service/embedded/find-postgres.ts'

const entrypoint = join(import.meta.dirname, 'postgres-entrypoint.sh')

/** A root folder with a shell, and these programs of this machine by where they lie. */
export function makeProgramRoot(folder: string, programs: readonly string[]): void {
  makeRoot(folder)
  mkdirSync(join(folder, 'etc'), { recursive: true })
  mkdirSync(join(folder, 'tmp'))
  // initdb wants a name for whoever runs it.
  const { runAsUser: user } = podSecurity
  writeFileSync(join(folder, 'etc', 'passwd'), `root:x:0:0:root:/root:/bin/sh\nplatform:x:${user}:${user}:platform:/tmp:/bin/sh\n`)
  writeFileSync(join(folder, 'etc', 'group'), `root:x:0:\nplatform:x:${user}:\n`)
  for (const name of ['sh', 'cat', 'chmod', 'mkdir', 'mv', 'rm', 'sleep']) copyProgram(folder, `/bin/${name}`, `/usr/bin/${name}`)
  for (const program of programs) copyProgram(folder, program, `/usr/bin/${basename(program)}`)
}

/** The PostgreSQL that comes with the packages, with the entry point beside this file. @returns its version
 * @throws Error if the package is not there: a server of the machine has its parts elsewhere */
export function addPostgres(folder: string, work: string): string {
  const { bin, from } = findPostgres({ postgres: work, postgresUser: undefined }, '')
  if (!from.startsWith('@')) throw new Error('There is no PostgreSQL to pack: run "npm ci --include=optional".')
  const place = '/opt/postgresql'
  cpSync(dirname(bin), join(folder, place), { recursive: true, verbatimSymlinks: true })
  const programs = ['postgres', 'initdb'].map(name => join(bin, name))
  copyLibraries(folder, [...programs, ...binariesIn(dirname(bin))])
  copyFileSync(entrypoint, join(folder, 'usr', 'bin', 'postgres-entrypoint'))
  return said(join(bin, 'postgres'), '--version')
}

/** The module that a program of Go was built from, which says more than a version that its makers did not set; without Go, its own words. */
export function versionOf(program: string): string {
  const modules = [...said('go', 'version', '-m', program).matchAll(/^\s+(?:mod|dep)\s+(\S+)\s+(v\S+)/gm)].map(
    ([, name = '', version]) => ({
      name,
      version,
    }),
  )
  // A program of our own around somebody's package, as the collector is, says whose package.
  const module = modules.find(({ name }) => /^github[.]com.(minio|grafana).(minio|mc|loki.v3)$/.test(name))
  return module ? `${basename(program)} of ${module.name} ${module.version}` : said(program, '--version')
}

function said(program: string, ...words: string[]): string {
  const { stdout, stderr } = spawnSync(program, words, { encoding: 'utf8' })
  return (stdout || stderr || 'unknown').trim()
}
