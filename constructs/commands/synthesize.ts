import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { RenderedFile } from '../lake-app.ts'
import { type OutputFolders, placeOf, readCommitted } from './committed-files.ts'

type State = 'new' | 'changed' | 'unchanged' | 'removed'

/** Writes what changed and prints one line for each file. @returns the exit code, always 0. */
export function synthesize(files: readonly RenderedFile[], folders: OutputFolders): number {
  const committed = readCommitted(folders)
  const rendered = new Set(files.map(file => file.path))
  const states = files.map(file => ({ ...file, state: stateOf(file, committed.get(file.path)) }))
  const stale = [...committed.keys()].filter(path => !rendered.has(path))

  for (const file of states) if (file.state !== 'unchanged') write(placeOf(file.path, folders), file.text)
  for (const path of stale) rmSync(placeOf(path, folders))
  report([...states, ...stale.map(path => ({ path, objects: 0, state: 'removed' as const }))])
  return 0
}

function stateOf(file: RenderedFile, committed: string | undefined): State {
  return committed === undefined ? 'new' : committed === file.text ? 'unchanged' : 'changed'
}

/** By renaming, so that a full disk or a kill leaves the old file whole. */
function write(place: string, text: string): void {
  mkdirSync(dirname(place), { recursive: true })
  writeFileSync(`${place}.new`, text)
  renameSync(`${place}.new`, place)
}

function report(files: readonly { readonly path: string; readonly objects: number; readonly state: State }[]): void {
  const width = Math.max(...files.map(file => file.path.length))
  for (const { path, objects, state } of files) {
    const kind = path.startsWith('helm-values/') ? '     values' : '       page'
    const count = path.startsWith('dist/') ? `${String(objects).padStart(3)} ${objects === 1 ? 'object ' : 'objects'}` : kind
    console.log(`${path.padEnd(width)}  ${count}  ${state}`)
  }
}
