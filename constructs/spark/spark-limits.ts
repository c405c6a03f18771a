import type { Size } from 'cdk8s'
import type { Construct } from 'constructs'
import { invalid } from '../invalid.ts'
import { mebibytes, type SparkShare, type SparkWorkers } from './spark-settings.ts'

/** With less, Spark refuses to start (its own 450 MiB of heap), or the first larger answer ends the server. */
const least = { connect: 2048, workers: 3072 } as const

/** Spark writes exchanges even for small joins. */
const minScratchMebibytes = 1024

export function assertShares(construct: Construct, { connect, workers }: { connect: SparkShare; workers: SparkWorkers }): void {
  for (const [name, value] of [
    ['connect.cores', connect.cores],
    ['workers.cores', workers.cores],
  ] as const)
    if (!Number.isInteger(value) || value < 1) throw invalid(construct, `${name} is ${value}, use a whole number from 1.`)
  // The operator's disruption budget wants one of them always: with one, no node could be drained.
  if (!Number.isInteger(workers.count) || workers.count < 2)
    throw invalid(construct, `workers.count is ${workers.count}, use a whole number from 2.`)
  assertAtLeast(construct, 'connect.memory', connect.memory, least.connect)
  assertAtLeast(construct, 'workers.memory', workers.memory, least.workers)
  assertAtLeast(construct, 'workers.scratch', workers.scratch, minScratchMebibytes)
}

function assertAtLeast(construct: Construct, name: string, size: Size, mib: number): void {
  if (mebibytes(size) < mib) throw invalid(construct, `${name} is ${size.asString()}, use at least Size.mebibytes(${mib}).`)
}
