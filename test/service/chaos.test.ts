import { describe, expect, it } from 'vitest'
import { runChaos } from '../chaos/run-chaos.ts'
import { noMinio } from './servers/minio-programs.ts'

const skipped = process.env.CI === 'true' ? undefined : noMinio()

/** `npm run chaos` is the same for as long as one likes. */
const plan = { seed: 1, writers: 8, commits: 1_000, kills: 60, seconds: 120, pauseMs: 400 }

describe.skipIf(skipped)(skipped ? `skipped: ${skipped}` : 'two gateways, their engines and servers are killed at random moments', () => {
  it('and every acknowledged append is there once and whole', { timeout: 300_000 }, async () => {
    const { killed, acknowledged, ...outcome } = await runChaos(plan)

    expect(outcome).toMatchObject({ wrong: [], wrongWithoutOrphans: [], orphansLeft: 0, spooledLeft: [] })
    // Otherwise nothing was tried.
    expect(acknowledged).toBeGreaterThanOrEqual(300)
    expect(Object.values(killed).reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(25)
  })
})
