import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { deltalake } from '../python-package.ts'

export interface DeltaReader {
  /** Asks delta-rs about the table `t`. @param version the newest one if it is missing. @throws Error that says what delta-rs says */
  ask(sql: string, version?: number): Promise<{ readonly version: number; readonly rows: readonly (readonly (string | null)[])[] }>
  close(): void
}

/** Reads a Delta table from where its log lies, with a program that knows nothing of the lake. */
export function openDelta(location: string, options: Readonly<Record<string, string>> = {}): DeltaReader {
  const words = [join(import.meta.dirname, 'read_delta.py'), location, JSON.stringify(options)]
  const child = spawn('python3', words, {
    env: { PATH: process.env.PATH, PYTHONPATH: deltalake.folder, LC_ALL: 'C.UTF-8', TZ: 'UTC' },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    async ask(sql, version) {
      child.stdin.write(`${JSON.stringify({ version: version ?? null, sql })}\n`)
      const { value, done } = await lines.next()
      if (done) throw new Error('delta-rs has ended')
      const answer = JSON.parse(value)
      if ('error' in answer) throw new Error(answer.error)
      return answer
    },
    close: () => child.kill(),
  }
}
