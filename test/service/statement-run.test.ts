import { closeSync, constants, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { makePipe } from '../../service/engine-pool/result-pipe.ts'
import { StatementRun } from '../../service/engine-pool/statement-run.ts'
import { ServiceError } from '../../service/errors.ts'

let folder: string
let pipe: string
let killed: number
const open: number[] = []
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pipe-'))
  pipe = join(folder, 'rows')
  killed = 0
  await makePipe(pipe)
})
afterEach(() => {
  for (const descriptor of open.splice(0)) closeSync(descriptor)
  rmSync(folder, { recursive: true })
})

/** A run whose engine is this test. */
function begin(): StatementRun {
  const run = new StatementRun(
    { text: { sql: 'FROM rides' }, output: { kind: 'stream', format: 'csv' }, timeoutMs: 60_000 },
    { pipe, usable: () => true, interrupt() {}, kill: () => (killed += 1) },
  )
  run.started({ columns: [] })
  return run
}

/** Writes as DuckDB does, which holds its end until it forgets the statement. */
function write(rows: string): number {
  const descriptor = openSync(pipe, constants.O_WRONLY)
  writeSync(descriptor, rows)
  return descriptor
}

async function whole(run: StatementRun): Promise<string> {
  const { bytes } = await run.result
  let text = ''
  for await (const chunk of bytes?.chunks() ?? []) text += chunk.toString()
  return text
}

it.each([
  ['has failed', (run: StatementRun) => run.failed(new ServiceError('queryFailed', 'a row is no number'))],
  ['has ended', (run: StatementRun) => run.finished({ rowCount: 9, truncated: false })],
])('no result begins with what nobody has read of one that %s', async (_how, ends) => {
  const first = begin()
  open.push(write('secret\n1\n2\n'))
  const { bytes } = await first.result
  bytes?.close()
  ends(first)
  await first.over

  const second = begin()
  closeSync(write('own\n3\n'))
  second.finished({ rowCount: 1, truncated: false })
  expect(await whole(second)).toBe('own\n3\n')
  await second.over
  expect(killed).toBe(0)
})

it('what was read to its end leaves the pipe to the next', async () => {
  for (const rows of ['one\n1\n', 'two\n2\n']) {
    const run = begin()
    closeSync(write(rows))
    run.finished({ rowCount: 1, truncated: false })
    expect(await whole(run)).toBe(rows)
    await run.over
  }
})

it('an engine whose pipe cannot be made anew is not used again', async () => {
  const run = begin()
  closeSync(write('secret\n'))
  const { bytes } = await run.result
  rmSync(folder, { recursive: true })
  bytes?.close()
  run.failed(new ServiceError('queryFailed', 'a row is no number'))
  await run.over
  expect(killed).toBe(1)
  folder = mkdtempSync(join(tmpdir(), 'pipe-'))
})
