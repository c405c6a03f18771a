import { setTimeout as sleep } from 'node:timers/promises'
import { makeFolderLake } from './bench-lake.ts'
import { median, rounds } from './compare.ts'
import { rssMbOf } from './process-costs.ts'
import { type Figure, ratio } from './report.ts'
import { startServiceProcess } from './service-process.ts'

/** W8: what the service takes when nobody asks, and how soon it answers after a start on a lake that is there. */
export async function atRest(): Promise<Figure[]> {
  const lake = await makeFolderLake(async () => {})
  const starts: number[] = []
  const idle: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const service = await startServiceProcess(lake.environment)
    starts.push(service.startMs / 1_000)
    await sleep(2_000)
    idle.push(rssMbOf(service.pid))
    await service.stop()
  }
  await lake.remove()
  return [
    ratio('W8 at rest', 'MB of the gateway', median(idle), { atMost: 110 }),
    ratio('W8 at rest', 's from the start to the first answer, PostgreSQL and migration included', median(starts), { atMost: 1.5 }),
  ]
}
