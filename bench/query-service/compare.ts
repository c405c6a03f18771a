export interface Cost {
  readonly wallS: number
  /** Of the server alone. */
  readonly cpuS: number
}

/** One who does the work: the service, its limit, or a peer. */
export interface Contender {
  readonly name: string
  work(): Promise<void>
  /** CPU seconds that its server has used so far. */
  cpuS(): number
}

export const rounds = 3

/** Lets all do the same work in turns, so that what else the machine does hits them alike. @returns the median cost of each, in their order */
export async function compare(contenders: readonly Contender[], times = rounds): Promise<readonly Cost[]> {
  const costs = contenders.map((): Cost[] => [])
  for (let round = 0; round < times; round += 1)
    for (const [index, contender] of contenders.entries()) costs[index]?.push(await measured(contender))
  return costs.map(of => ({ wallS: median(of.map(({ wallS }) => wallS)), cpuS: median(of.map(({ cpuS }) => cpuS)) }))
}

async function measured({ work, cpuS }: Contender): Promise<Cost> {
  const [wall, cpu] = [performance.now(), cpuS()]
  await work()
  return { wallS: (performance.now() - wall) / 1_000, cpuS: cpuS() - cpu }
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(Math.ceil(sorted.length * share) - 1, sorted.length - 1)] ?? Number.NaN
}

/** CPU seconds of this process. */
export function ownCpuS(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}
