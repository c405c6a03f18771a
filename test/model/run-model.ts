import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import type { ChangedLake, Model } from './changed-lake.ts'
import { commandsOf, look, type Real } from './commands.ts'

export interface ModelPlan {
  readonly writers: number
  readonly commands: number
  readonly seed: number
  /** Whether they also replace the whole table by itself. DuckDB alone loses what is appended meanwhile. */
  readonly recreates: boolean
}

/** Lets all writers work through what fast-check has thought of for each, beside each other and beside compactions that never stop.
 * @returns a sentence for each time that a writer's rows were not what it had made of them */
export async function runModel(
  lakeOf: (writer: number) => ChangedLake,
  { writers, commands, seed, recreates }: ModelPlan,
): Promise<string[]> {
  const differences: string[] = []
  const plans =
    fc.sample(fc.tuple(...Array.from({ length: writers }, () => commandsOf(commands, recreates))), { numRuns: 1, seed })[0] ?? []
  let working = true
  const compacting = (async () => {
    while (working) {
      await lakeOf(0).compact()
      await sleep(20)
    }
  })()
  try {
    await Promise.all(
      plans.map(async (plan, writer) => {
        const model: Model = new Map()
        const real: Real = { lake: lakeOf(writer), writer, differed: sentence => differences.push(sentence) }
        await fc.asyncModelRun(() => ({ model, real }), plan)
        await look(model, real)
      }),
    )
  } finally {
    working = false
    await compacting
  }
  return differences
}
