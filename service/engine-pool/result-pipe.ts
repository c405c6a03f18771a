import { execFile } from 'node:child_process'
import { closeSync, constants, openSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { promisify } from 'node:util'
import { enlargePipe } from './pipe-capacity.ts'
import { PipeReader } from './pipe-reader.ts'

/** Makes the named pipe through which an engine's rows come. Node has no call for it. */
export async function makePipe(path: string): Promise<void> {
  await promisify(execFile)('mkfifo', ['-m', '600', path])
}

/** Puts an empty pipe in place of one in which something was left. The old one goes with the last that has it open: DuckDB holds its end of a
 * COPY that has failed until it forgets the statement, and as long as it does, what nobody has read waits for the next reader. */
export async function renewPipe(path: string): Promise<void> {
  await rm(path)
  await makePipe(path)
}

/** One result's way through the pipe. */
export interface ResultPipe {
  /** It ends only after `finish`: when DuckDB meets an error it closes its end just as after the last row. */
  readonly bytes: PipeReader
  /** The statement ended well: what is still in the pipe is the rest. */
  finish(): void
  /** Nothing more is wanted, or the statement failed. */
  abandon(error?: Error): void
}

/** Opens the reading end, without blocking: reading it as other files would hold a thread of Node's pool while nothing comes. */
export function openPipe(path: string, whenClosed: () => void): ResultPipe {
  const reading = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  // As long as we hold a writing end too, the reading end does not see the engine's close.
  let keeper: number | undefined = openSync(path, constants.O_WRONLY)
  enlargePipe(reading)
  const release = () => {
    if (keeper !== undefined) closeSync(keeper)
    keeper = undefined
  }
  const bytes = new PipeReader(reading, () => {
    release()
    whenClosed()
  })
  return { bytes, finish: release, abandon: error => bytes.close(error) }
}
