import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'

/** A figure of the table. `found` and `mustReach` are in words, with their units. */
export interface Figure {
  readonly workload: string
  readonly figure: string
  readonly mustReach: string
  readonly found: string
  readonly reached: boolean
}

export function ratio(
  workload: string,
  figure: string,
  value: number,
  bound: { readonly atMost: number } | { readonly atLeast: number },
): Figure {
  const [word, limit, reached] =
    'atMost' in bound ? ['≤', bound.atMost, value <= bound.atMost] : ['≥', bound.atLeast, value >= bound.atLeast]
  return { workload, figure, mustReach: `${word} ${limit}`, found: value.toFixed(2), reached }
}

export function report(name: string, figures: readonly Figure[], context: Readonly<Record<string, string | number>>): void {
  console.table(figures)
  mkdirSync('bench/results', { recursive: true })
  const machine = `${cpus().length} cores, Node ${process.versions.node}`
  writeFileSync(`bench/results/${name}.json`, `${JSON.stringify({ machine, ...context, figures }, null, 2)}\n`)
}
