import type { Size } from 'cdk8s'
import type { Cpu } from 'cdk8s-plus-28'
import type { Construct } from 'constructs'
import { readConfig } from '../../service/config.ts'
import { drainTimeoutMs } from '../../service/settings.ts'
import { StartupError } from '../../service/startup-error.ts'
import type { Database } from '../database.ts'
import { invalid } from '../invalid.ts'
import { engineCount, mebibytes, millicores, type ServiceSettings, setting, spillOfEach } from './service-settings.ts'

/** What the gateway takes beside its engines, in MiB: 95 idle, measured, and the bodies that pass through it. */
const gatewayMebibytes = 384

/** DuckDB's own pool of them, the most that was seen; and those of the gateway for its tables, its locks and the queue. */
const connectionsPerEngine = 4
const connectionsOfGateway = 16

/** Backups, drills, the database's own and the person who looks why. */
const connectionsOfOthers = 20

/** Less than this and every larger ORDER BY or join fails for want of disk. */
const minSpillMebibytes = 256

/** What a stop takes besides the delay and the drain: engines that are killed, connections that are closed. */
const stopMs = 15_000

export interface Capacity {
  readonly memory: Size
  readonly spill: Size
  readonly spool: Size
  readonly settings: ServiceSettings
}

/** An engine that reaches its limit fails one statement; a pod that reaches its own is killed with all of them. */
export function assertCapacity(construct: Construct, { memory, spill, spool, settings }: Capacity, environment: Environment): void {
  const engines = engineCount(settings)
  const each = Number(environment.ENGINE_DATA_LIMIT_MB)
  const least = gatewayMebibytes + engines * each
  if (mebibytes(memory) < least)
    throw invalid(
      construct,
      `memory is ${memory.asString()}, but ${engines} engines (${countsOf(settings)} and 1 for maintenance) may take ${each} MiB each and the gateway ${gatewayMebibytes} MiB: use at least Size.mebibytes(${least}), fewer engines, or less engineMemory.`,
    )
  if (spillOfEach(spill, settings) < minSpillMebibytes) {
    const results = setting('BACKGROUND_RUNNING', settings) * setting('RESULT_MAX_MB', settings)
    throw invalid(
      construct,
      `spill is ${spill.asString()}, of which results may take ${results} MiB and ${engines} engines share the rest: use at least Size.mebibytes(${results + engines * minSpillMebibytes}).`,
    )
  }
  const upload = setting('UPLOAD_MAX_MB', settings)
  // A gzipped body and what it unpacks to lie there beside each other.
  if (mebibytes(spool) < 2 * upload)
    throw invalid(
      construct,
      `spool is ${spool.asString()}, and one upload of UPLOAD_MAX_MB, packed and unpacked, may take ${2 * upload} MiB: use at least that, or a smaller UPLOAD_MAX_MB.`,
    )
  const running = setting('BACKGROUND_RUNNING', settings)
  if (running >= setting('ENGINES', settings))
    throw invalid(
      construct,
      `BACKGROUND_RUNNING is ${running} and ENGINES ${setting('ENGINES', settings)}: background queries could take every engine, use fewer.`,
    )
}

/** Kubernetes refuses what wants more than it may take. */
export function assertCpu(construct: Construct, { cpu, cpuRequest = cpu }: { readonly cpu: Cpu; readonly cpuRequest?: Cpu }): void {
  if (millicores(cpuRequest) > millicores(cpu))
    throw invalid(construct, `cpuRequest is ${cpuRequest.amount}, more than cpu, which is ${cpu.amount}: use at most that.`)
}

/** PostgreSQL refuses whoever comes last, and that may be a commit. */
export function assertConnections(
  construct: Construct,
  { catalog, pods, settings }: { catalog: Database; pods: number; settings: ServiceSettings },
): void {
  const each = engineCount(settings) * connectionsPerEngine + connectionsOfGateway
  const most = (pods + 1) * each + connectionsOfOthers
  if (most <= catalog.maxConnections) return
  throw invalid(
    construct,
    `${pods} pods, and one more during an update, may hold ${each} connections to PostgreSQL each, and backups and people ${connectionsOfOthers}: together ${most}, of which it takes ${catalog.maxConnections}. Use fewer pods or engines.`,
  )
}

type Environment = Readonly<Record<string, string>>

/** Has the service itself read what it will be given: bounds, names of buckets, addresses. */
export function assertAccepted(construct: Construct, environment: Environment): void {
  // The files are there in the cluster only; what is in them matters to nobody here.
  const values = Object.entries(environment).map(([name, value]) =>
    name.endsWith('_FILE') ? [name.slice(0, -'_FILE'.length), 'a secret'] : [name, value],
  )
  try {
    readConfig(Object.fromEntries(values), [], '/')
  } catch (error) {
    if (error instanceof StartupError) throw invalid(construct, `the service would refuse its settings: ${error.message}`)
    throw error
  }
}

/** How long a pod may take to stop: it goes on answering, lets statements end, and closes. */
export function graceSeconds({ SHUTDOWN_DELAY_MS }: Environment): number {
  return Math.ceil((Number(SHUTDOWN_DELAY_MS) + drainTimeoutMs + stopMs) / 1_000)
}

function countsOf(settings: ServiceSettings): string {
  const names = ['ENGINES', 'ENGINES_SHORT', 'ENGINE_SPARES', 'WRITE_ENGINES'] as const
  return names.map(name => `${name} ${setting(name, settings)}`).join(', ')
}
