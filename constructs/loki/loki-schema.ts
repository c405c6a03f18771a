import type { Construct } from 'constructs'
import { invalid } from '../invalid.ts'
import type { ObjectStoreKind, PeriodConfig } from './loki-config.ts'
import type { LokiGeneration } from './loki-generation.ts'

/** How lines are found. Loki 4 reads only `tsdb`. */
export type IndexKind = 'boltdb-shipper' | 'tsdb'

/** Below `v13` structured metadata is dropped without a word. */
export type SchemaVersion = 'v11' | 'v12' | 'v13'

/** From a day on, lines are indexed so; those before stay readable by the period they were written in. */
export interface SchemaPeriod {
  /** First day, `YYYY-MM-DD` in UTC. For a period that is added it must be a day to come: lines that are there keep their index. */
  readonly from: string
  readonly index: IndexKind
  /** @default v13 */
  readonly schema?: SchemaVersion
}

/** The one period of a Loki that starts empty. */
export function firstPeriod(index: IndexKind): SchemaPeriod {
  return { from: '2023-01-01', index }
}

export function assertPeriods(construct: Construct, generation: LokiGeneration, periods: readonly SchemaPeriod[]): void {
  const last = periods.at(-1)
  if (!last) throw invalid(construct, 'periods is empty: leave it out for a Loki that starts empty.')
  for (const [index, { from }] of periods.entries()) {
    if (!isDay(from)) throw invalid(construct, `a period begins on "${from}", use a day as YYYY-MM-DD.`)
    const before = periods[index - 1]
    if (before && before.from >= from) {
      throw invalid(construct, `the period of ${from} stands after that of ${before.from}: put them in the order of their days.`)
    }
  }
  if ((last.schema ?? 'v13') !== 'v13') {
    throw invalid(
      construct,
      `the last period has schema ${last.schema}, which drops structured metadata such as request_id without a word: add a period with v13.`,
    )
  }
  if (generation === '3' && last.index !== 'tsdb') {
    throw invalid(
      construct,
      `the last period has the index ${last.index}, and Loki 3 takes structured metadata only into tsdb: with Loki 2.9 add a period with tsdb from a day to come, and move to 3 when it has come.`,
    )
  }
}

export function periodConfigs(periods: readonly SchemaPeriod[], store: ObjectStoreKind): PeriodConfig[] {
  return periods.map(({ from, index, schema = 'v13' }) => ({
    from,
    store: index,
    object_store: store,
    schema,
    index: { prefix: 'index_', period: '24h' },
  }))
}

function isDay(text: string): boolean {
  const day = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text) && text.length === 10
}
