import { Size } from 'cdk8s'
import { dev, production } from '../../../constructs/environments.ts'
import type { Environment } from '../../../constructs/index.ts'

/** The environments, with the generation of Loki whose programs can be built: 2.9 is published as no module of Go. Where its binaries are,
 * `LOKI_GENERATION=2.9` runs dev as it is. */
export function e2eEnvironments(generation = process.env.LOKI_GENERATION ?? '3'): readonly Environment[] {
  const small = dev()
  if (generation === '2.9') return [small]
  const loki = { ...small.logging.loki, generation: '3', memory: Size.mebibytes(512) } as const
  return [{ ...small, logging: { ...small.logging, loki } }, production()]
}
