import type { Session } from './open-statement.ts'

const inUse = new WeakMap<Session, number>()

/** Sets how many threads DuckDB has for what comes next. While one of several waits for PostgreSQL the others look for work without a pause:
 * with small works most of the processor's time would go there. */
export async function useThreads(session: Session, threads: number): Promise<void> {
  if (inUse.get(session) === threads) return
  await session.lake.run(`SET threads = ${threads}`)
  inUse.set(session, threads)
}
