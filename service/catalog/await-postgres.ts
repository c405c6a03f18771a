import { setTimeout as sleep } from 'node:timers/promises'
import { withPostgres } from './connect-postgres.ts'
import type { CatalogLogin } from './lake-connection.ts'

const tryEveryMs = 1_000

/** Waits until PostgreSQL answers, as on a cluster where all starts at once. A server that says no has answered: what it refuses, a
 * password for example, does not get better by waiting. After the time it returns, and whoever connects next says what is wrong. */
export async function awaitPostgres(
  login: CatalogLogin,
  waitMs: number,
  { say, signal }: { readonly say: (line: string) => void; readonly signal: AbortSignal },
): Promise<void> {
  const deadline = performance.now() + waitMs
  let said = false
  while (performance.now() < deadline && !(await answers(login))) {
    if (!said) say(`PostgreSQL at ${login.host}:${login.port} does not answer yet, waiting up to ${Math.round(waitMs / 1_000)} s …`)
    said = true
    await sleep(tryEveryMs, undefined, { signal }).catch(() => signal.throwIfAborted())
  }
}

async function answers(login: CatalogLogin): Promise<boolean> {
  try {
    await withPostgres(login, async () => {})
    return true
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    // SQLSTATEs are the server's own words; those of class 57P say that it starts or stops.
    return /^(?=.*\d)[\dA-Z]{5}$/.test(code) && !code.startsWith('57P')
  }
}
