import { type Duration, type Size, SizeRoundingBehavior } from 'cdk8s'
import type { Construct } from 'constructs'
import { invalid } from '../invalid.ts'
import type { StreamRetention } from './configure-loki.ts'
import { generations, type LokiGeneration } from './loki-generation.ts'

/** What queries and lines that are not yet written need beside an idle Loki and its caches, in MiB: 1,000 lines a second took 35. */
const workMebibytes = 40

export function assertRetention(construct: Construct, prop: string, period: Duration): void {
  const hours = period.toHours({ integral: false })
  if (hours >= 24 && hours % 24 === 0) return
  throw invalid(
    construct,
    `${prop} is ${hours} hours, Loki keeps whole index days: use ${hours < 24 ? 'at least Duration.days(1)' : `Duration.days(${Math.ceil(hours / 24)})`}.`,
  )
}

export function assertStreams(construct: Construct, streams: readonly StreamRetention[]): void {
  for (const { labels, period, priority = 1 } of streams) {
    const named = Object.entries(labels)
      .map(([name, value]) => `${name}=${value}`)
      .join(', ')
    if (!named) throw invalid(construct, 'an entry of streamRetention names no label: use retention for all streams.')
    assertRetention(construct, `the retention of ${named}`, period)
    if (!Number.isInteger(priority) || priority < 1) {
      throw invalid(construct, `the priority of ${named} is ${priority}, use a whole number from 1.`)
    }
  }
}

export function assertMemory(
  construct: Construct,
  { generation, memory, resultsCache, chunkCache }: { generation: LokiGeneration; memory: Size; resultsCache: Size; chunkCache: Size },
): void {
  const floor = { rounding: SizeRoundingBehavior.FLOOR }
  const { idleMebibytes } = generations[generation]
  for (const [prop, cache] of Object.entries({ resultsCache, chunkCache })) {
    if (cache.toMebibytes(floor) < 1) throw invalid(construct, `${prop} is ${cache.asString()}, use at least Size.mebibytes(1).`)
  }
  const caches = resultsCache.toMebibytes(floor) + chunkCache.toMebibytes(floor)
  const least = idleMebibytes + caches + workMebibytes
  if (memory.toMebibytes(floor) >= least) return
  throw invalid(
    construct,
    `memory is ${memory.asString()}, but Loki ${generation} takes ${idleMebibytes} MiB idle, its two caches up to ${caches} MiB and its work ${workMebibytes} MiB: use at least Size.mebibytes(${least}), or smaller caches.`,
  )
}

export function assertVolume(construct: Construct, size: Size): void {
  if (size.toMebibytes({ rounding: SizeRoundingBehavior.FLOOR }) >= 1024) return
  throw invalid(
    construct,
    `the volume's size is ${size.asString()}, use at least Size.gibibytes(1): a busy log ahead of its chunks takes some hundred MB.`,
  )
}
