import { readFileSync } from 'node:fs'
import { CommanderError } from '@commander-js/extra-typings'
import { addBackup } from './commands/backup.ts'
import { addCompletion } from './commands/completion.ts'
import { addDiff } from './commands/diff.ts'
import { addDoctor } from './commands/doctor.ts'
import { addKeys } from './commands/keys.ts'
import { addLineage } from './commands/lineage.ts'
import { addMaintenance } from './commands/maintenance.ts'
import { addPublish } from './commands/publish.ts'
import { addQuery } from './commands/query.ts'
import { addRun } from './commands/run.ts'
import { addSettings } from './commands/settings.ts'
import { addSnapshots } from './commands/snapshots.ts'
import { addTables } from './commands/tables.ts'
import { addUpload } from './commands/upload.ts'
import { exitCodeOf, exitCodes, FoundFault } from './exit-codes.ts'
import { asksForJson, newProgram } from './new-program.ts'
import { problemJson, problemText } from './print/problem-text.ts'
import { sessionsOf } from './session.ts'

// The `lake` command: reads its words, does one thing, says in its exit code how that went.

const stopping = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    // Who presses it twice does not want to wait for an end in order.
    if (stopping.signal.aborted) process.exit(exitCodes.interrupted)
    stopping.abort(new Error('Interrupted.'))
  })
// The program behind the pipe has seen enough, or the disk behind it is full.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(exitCodes.done)
  tell(error)
  process.exit(exitCodes.refused)
})

const program = newProgram().version(version())
const session = sessionsOf(program, stopping.signal)
for (const add of [
  addQuery,
  addRun,
  addUpload,
  addTables,
  addSnapshots,
  addDiff,
  addKeys,
  addSettings,
  addLineage,
  addMaintenance,
  addPublish,
])
  add(program, session)
addBackup(program, stopping.signal)
addDoctor(program)
addCompletion(program, session)

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = stopping.signal.aborted ? exitCodes.interrupted : exitCodeOf(error)
  if (!stopping.signal.aborted) tell(error)
}

function tell(error: unknown): void {
  if (error instanceof CommanderError && (error.exitCode === 0 || !asksForJson())) return
  const text = asksForJson() ? problemJson(error) : problemText(error)
  if (text !== undefined) process.stderr.write(`${text}\n`)
  // Commander and the doctor have said it; anything else is a mistake of this program.
  else if (!(error instanceof FoundFault)) console.error(error)
}

function version(): string {
  try {
    const { version: said }: { version?: string } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
    return said ?? 'unknown'
  } catch {
    return 'unknown'
  }
}
