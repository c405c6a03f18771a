import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { LogStack } from './log-stack.ts'
import type { Report } from './report.ts'

const dayMs = 86_400_000
const lines = 100
const sweepMs = 90_000

/** Whether lines that are older than the retention go, and those that are a day younger stay. */
export async function checkRetention(report: Report, { ask, loki, folder }: LogStack, retentionHours: number): Promise<void> {
  const [old, young] = [-3, 1].map(days => Date.now() - retentionHours * 3_600_000 + days * dayMs)
  await ask.push({ job: 'retention', app: 'old' }, linesAt(old ?? 0))
  await ask.push({ job: 'retention', app: 'young' }, linesAt(young ?? 0))
  const counts = async () => {
    const count = async (app: string, from = 0) =>
      (await ask.entries(`{job="retention", app="${app}"}`, [at(from - 60_000), at(from + 600_000)]).catch(() => [])).length
    return `${await count('old', old)} old, ${await count('young', young)} young`
  }
  // Old lines are looked for in the store alone.
  await ask.flush()
  await until(counts, `${lines} old, ${lines} young`, 60_000)
  const before = await counts()
  // When it ends it uploads the index, on which the compactor works; once a minute it deletes what that has marked.
  await loki.stop()
  await loki.start()
  await sleep(sweepMs)
  // What was written this hour is in the local index too, and what was asked in the cache: of lines that have aged on the disk neither is.
  await loki.stop()
  for (const name of readdirSync(join(folder, 'data')).filter(name => /-(active|cache)$/.test(name)))
    rmSync(join(folder, 'data', name), { recursive: true })
  await loki.start()
  const after = await until(counts, `0 old, ${lines} young`, 60_000)
  report.check(
    before === `${lines} old, ${lines} young` && after === `0 old, ${lines} young`,
    `retention of ${retentionHours} h deletes what is older and nothing else`,
    `${before}, then ${after}`,
  )
}

async function until(counts: () => Promise<string>, wanted: string, waitMs: number): Promise<string> {
  const deadline = Date.now() + waitMs
  for (;;) {
    const found = await counts()
    if (found === wanted || Date.now() > deadline) return found
    await sleep(1_000)
  }
}

function linesAt(ms: number): readonly (readonly [bigint, string])[] {
  return Array.from({ length: lines }, (_, n) => [at(ms + n), `line ${n}`] as const)
}

function at(ms: number): bigint {
  return BigInt(Math.floor(ms)) * 1_000_000n
}
