import type { RenderedFile } from '../lake-app.ts'
import { type OutputFolders, readCommitted } from './committed-files.ts'
import { describeChanges } from './describe-changes.ts'

/** Prints what a reviewer would see if the synthesized files were committed now. @returns the exit code, always 0. */
export function showDiff(files: readonly RenderedFile[], folders: OutputFolders): number {
  const changes = describeChanges(readCommitted(folders), files)
  console.log(changes.length > 0 ? changes.join('\n') : 'A fresh synth changes nothing.')
  return 0
}
