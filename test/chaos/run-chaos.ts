import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { readConfig } from '../../service/config.ts'
import { attachLake } from '../../service/engine/attach-lake.ts'
import { temporaryFolder } from '../service/run-service.ts'
import { connectionsOf, type ExternalServers, startExternalServers } from '../service/servers/external-lake.ts'
import { appendUntilOver } from './appender.ts'
import { Gateway } from './gateway.ts'
import { killUntilOver, type Victim } from './killer.ts'
import { Ledger, type Verdict } from './ledger.ts'
import { listFiles, listOrphans, lookAtTable, removeOrphans } from './look-at-table.ts'
import { Random } from './random.ts'

export interface Plan {
  readonly seed: number
  /** Callers that append beside each other. */
  readonly writers: number
  /** The run ends when both numbers are reached, or when its time is up. */
  readonly commits: number
  readonly kills: number
  readonly seconds: number
  readonly pauseMs: number
}

export interface Outcome extends Verdict {
  readonly seconds: number
  readonly snapshots: number
  readonly killed: Readonly<Record<Victim, number>>
  /** Files that killed engines left: found by the dry run, and none of them part of the table. */
  readonly orphans: number
  /** What is wrong after they were removed; empty if nothing changed. */
  readonly wrongWithoutOrphans: readonly string[]
  readonly orphansLeft: number
  /** Spooled bodies that nobody needs any more and that are still there after an orderly stop. */
  readonly spooledLeft: readonly string[]
}

const table = 'appended'

/** Appends through two gateways while they, their engines, PostgreSQL and MinIO are killed at random moments; then compares what was
 * acknowledged with what is there. */
export async function runChaos(plan: Plan, say: (line: string) => void = () => {}): Promise<Outcome> {
  const servers = await startExternalServers()
  const gateways = [new Gateway(servers.environment), new Gateway(servers.environment)]
  try {
    await withLake(servers, 'writer', lake => lake.run(`CREATE TABLE lake.main.${table} (writer INTEGER, sequence INTEGER, row INTEGER)`))
    await Promise.all(gateways.map(gateway => gateway.start()))
    const began = performance.now()
    const ledger = new Ledger()
    const killed = await appendUnderFire(plan, servers, gateways, ledger, say)
    const seconds = Math.round((performance.now() - began) / 1_000)
    // Their second start finds what the killed ones have left.
    for (const gateway of gateways) await gateway.stop()
    for (const gateway of gateways) await gateway.start()
    for (const gateway of gateways) await gateway.stop()
    const spooledLeft = gateways.flatMap(({ folder }) => readdirSync(join(folder, 'spool'), { recursive: true, encoding: 'utf8' }))
    return { seconds, killed, spooledLeft, ...(await look(servers, ledger)) }
  } finally {
    for (const gateway of gateways) {
      await gateway.kill()
      gateway.removeFolder()
    }
    await servers.remove()
  }
}

async function appendUnderFire(
  { seed, writers, commits, kills, seconds, pauseMs }: Plan,
  servers: ExternalServers,
  gateways: readonly Gateway[],
  ledger: Ledger,
  say: (line: string) => void,
): Promise<Readonly<Record<Victim, number>>> {
  const until = performance.now() + seconds * 1_000
  let killing = true
  let failed: Error | undefined
  let done = 0
  const enough = () => ledger.acknowledged >= commits && done >= kills
  const late = () => performance.now() > until
  const key = servers.environment.ADMIN_KEY ?? ''
  const appending = Array.from({ length: writers }, (_, writer) =>
    appendUntilOver(writer, {
      gateways,
      key,
      table,
      ledger,
      random: new Random(seed + 1 + writer),
      over: () => !killing || failed !== undefined,
    }).catch((error: unknown) => {
      failed ??= error instanceof Error ? error : new Error(String(error))
    }),
  )
  const progress = setInterval(() => say(`${ledger.acknowledged} appends acknowledged, ${done} kills`), 15_000)
  const over = () => enough() || late() || failed !== undefined
  const onKill = () => {
    done += 1
  }
  const killed = await killUntilOver({ gateways, servers, random: new Random(seed), pauseMs, over, onKill }).finally(async () => {
    clearInterval(progress)
    killing = false
    await Promise.all(appending)
  })
  if (failed) throw failed
  return killed
}

async function look(servers: ExternalServers, ledger: Ledger) {
  const before = await withLake(servers, 'reader', async lake => ({
    verdict: ledger.compare(await lookAtTable(lake, table)),
    files: new Set(await listFiles(lake, table)),
    snapshots: Number((await lake.runAndReadAll('SELECT count(*) FROM lake.snapshots()')).getRows()[0]?.[0]),
  }))
  const { orphans, orphansLeft } = await withLake(servers, 'maintenance', async lake => {
    const listed = await listOrphans(lake)
    await removeOrphans(lake)
    return { orphans: listed, orphansLeft: (await listOrphans(lake)).length }
  })
  const after = await withLake(servers, 'reader', async lake => ledger.compare(await lookAtTable(lake, table)))
  const live = orphans.filter(path => before.files.has(path)).map(path => `${path} is part of the table and was listed as an orphan`)
  return {
    ...before.verdict,
    wrong: [...before.verdict.wrong, ...live],
    snapshots: before.snapshots,
    orphans: orphans.length,
    wrongWithoutOrphans: after.wrong,
    orphansLeft,
  }
}

async function withLake<Result>(
  { environment }: ExternalServers,
  engineClass: 'reader' | 'writer' | 'maintenance',
  work: (lake: DuckDBConnection) => Promise<Result>,
): Promise<Result> {
  const connections = connectionsOf(environment)
  const spillDir = temporaryFolder()
  const lake = await attachLake(connections[engineClass], readConfig({}, []).engine, spillDir, [], [], engineClass)
  try {
    return await work(lake)
  } finally {
    lake.closeSync()
    rmSync(spillDir, { recursive: true, force: true })
  }
}
