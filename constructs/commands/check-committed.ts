import type { RenderedFile } from '../lake-app.ts'
import { type OutputFolders, readCommitted } from './committed-files.ts'
import { describeChanges } from './describe-changes.ts'

/** How many lines of difference are shown; `npm run diff` shows all. */
const shownLines = 40

/** Compares and writes nothing. @returns the exit code: 1 if the committed files are not what the constructs make. */
export function checkCommitted(files: readonly RenderedFile[], folders: OutputFolders): number {
  const changes = describeChanges(readCommitted(folders), files)
  if (changes.length === 0) return 0
  console.error(changes.slice(0, shownLines).join('\n'))
  if (changes.length > shownLines) console.error(`… and ${changes.length - shownLines} more lines: npm run diff shows them.`)
  console.error('The committed files are not what the constructs make: run "npm run synth" and commit its output.')
  return 1
}
