import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { fields } from '../../../../constructs/manifest.ts'

/** What a chart of `dev` is given: the stand-ins take from here what the charts would. */
export function readValues(chart: 'minio' | 'postgres'): Readonly<Record<string, unknown>> {
  return fields(parse(readFileSync(`helm-values/dev/${chart}-values.yaml`, 'utf8')))
}

/** `registry/name:tag` of values that have it in parts. */
export function imageOf({ image }: Readonly<Record<string, unknown>>): string {
  const { repository, tag } = fields(image)
  return `${repository}:${tag}`
}

/** A pod's security context without the switch that charts have in it. */
export function securityOf(values: unknown): Readonly<Record<string, unknown>> {
  const { enabled, ...context } = fields(values)
  return context
}
