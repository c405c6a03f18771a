import { type ChildProcess, fork } from 'node:child_process'
import type { BenchLake } from '../query-service/bench-lake.ts'

/** Programs that write into the lake by themselves. */
export async function startPlainWriters({ writer }: BenchLake, count: number): Promise<readonly ChildProcess[]> {
  return Promise.all(
    Array.from({ length: count }, async () => {
      const child = fork('bench/ingest/plain-writer.ts', { execArgv: ['--import', 'tsx/esm'] })
      const ready = new Promise(resolve => child.once('message', resolve))
      child.send({ writer })
      await ready
      return child
    }),
  )
}

/** Has each of them run the statement again and again, each time in a commit of its own. @returns how many commits they made in all */
export async function writePlain(children: readonly ChildProcess[], insert: string, ms: number): Promise<number> {
  const commits = await Promise.all(
    children.map(
      child =>
        new Promise<number>(resolve => {
          child.once('message', (count: number) => resolve(count))
          child.send({ insert, forMs: ms })
        }),
    ),
  )
  return commits.reduce((sum, count) => sum + count, 0)
}
