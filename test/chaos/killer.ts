import { setTimeout as sleep } from 'node:timers/promises'
import type { ExternalServers } from '../service/servers/external-lake.ts'
import type { Gateway } from './gateway.ts'
import type { Random } from './random.ts'

export const victims = ['writer engine', 'gateway', 'PostgreSQL', 'MinIO'] as const
export type Victim = (typeof victims)[number]

/** How often each is hit. A server takes everybody's time until it is back, an engine only its own. */
const share: Readonly<Record<Victim, number>> = { 'writer engine': 4, gateway: 2, PostgreSQL: 1, MinIO: 1 }

/** How long a killed server may take to answer again. */
const restartMs = 60_000

export interface Killing {
  readonly gateways: readonly Gateway[]
  readonly servers: Pick<ExternalServers, 'postgres' | 'minio'>
  readonly random: Random
  /** The mean time from one being back to the next kill. */
  readonly pauseMs: number
  readonly over: () => boolean
  readonly onKill: () => void
}

/** Kills with −9, at random moments, and starts again what it killed. @returns how many of each */
export async function killUntilOver(run: Killing): Promise<Record<Victim, number>> {
  const killed: Record<Victim, number> = { 'writer engine': 0, gateway: 0, PostgreSQL: 0, MinIO: 0 }
  while (!run.over()) {
    await sleep(run.random.next() * 2 * run.pauseMs)
    const victim = run.random.pick(urn)
    if (!(await kill(victim, run))) continue
    killed[victim] += 1
    run.onKill()
  }
  return killed
}

/** Each as often in here as its share says. */
const urn = victims.flatMap(victim => Array.from({ length: share[victim] }, () => victim))

/** @returns whether there was anything to kill */
async function kill(victim: Victim, { gateways, servers, random }: Killing): Promise<boolean> {
  switch (victim) {
    case 'writer engine': {
      const engines = gateways.flatMap(gateway => gateway.writers())
      if (engines.length === 0) return false
      return killProcess(random.pick(engines))
    }
    case 'gateway': {
      const gateway = random.pick(gateways)
      await gateway.kill()
      await untilStarted('a gateway', () => gateway.start())
      return true
    }
    case 'PostgreSQL':
    case 'MinIO': {
      const server = victim === 'MinIO' ? servers.minio : servers.postgres
      await server.kill()
      // For as long as it takes to notice that it is away, now and then.
      await sleep(random.next() * 500)
      await untilStarted(victim, () => server.start())
      return true
    }
  }
}

function killProcess(pid: number): boolean {
  try {
    process.kill(pid, 'SIGKILL')
    return true
  } catch {
    return false
  }
}

/** A PostgreSQL that was killed refuses to start as long as its last sessions have not noticed. */
async function untilStarted(name: string, start: () => Promise<void>): Promise<void> {
  const until = performance.now() + restartMs
  for (;;) {
    try {
      await start()
      return
    } catch (error) {
      if (performance.now() > until) throw new Error(`${name} does not start again: ${error}`)
      await sleep(200)
    }
  }
}
