import type { components } from '../../client/api-types.ts'
import { UsageError } from '../exit-codes.ts'

type Params = NonNullable<components['schemas']['Query']['params']>
type Param = Extract<Params, readonly unknown[]>[number]

/** `name=value` for $name, `1=value` for $1; `name:TYPE=value` where the type is not to be guessed.
 * @returns undefined if there are none @throws UsageError */
export function readParams(texts: readonly string[]): Params | undefined {
  if (texts.length === 0) return undefined
  const params = new Map<string, Param>()
  for (const text of texts) {
    const [, name, type, value] = /^(\w+)(?::([^=]+))?=([\s\S]*)$/.exec(text) ?? []
    if (name === undefined || value === undefined)
      throw new UsageError(`--param is "${text}": use name=value, 1=value, or name:TYPE=value.`)
    if (params.has(name)) throw new UsageError(`--param ${name} is there twice.`)
    params.set(name, type === undefined ? guessed(value) : { type, value: value === 'null' ? null : value })
  }
  const names = [...params.keys()]
  if (!names.some(name => /^\d+$/.test(name))) return Object.fromEntries(params)
  const missing = names.map((_, index) => `${index + 1}`).find(place => !params.has(place))
  if (missing !== undefined) throw new UsageError(`--param has ${names.join(', ')}: use names, or 1, 2, … without a gap.`)
  return names.map((_, index) => params.get(`${index + 1}`) ?? null)
}

function guessed(value: string): Param {
  if (value === 'null') return null
  if (value === 'true' || value === 'false') return value === 'true'
  if (!/^-?(0|[1-9]\d*)(\.\d+)?$/.test(value)) return value
  const number = Number(value)
  if (String(number) === value) return number
  // It would lose digits as a JavaScript number.
  return { type: value.includes('.') ? 'DECIMAL(38, 10)' : 'HUGEINT', value }
}

/** @throws UsageError */
export function readAsOf(text: string): NonNullable<components['schemas']['Query']['asOf']> {
  if (/^\d{1,19}$/.test(text)) return { version: text }
  const at = new Date(text)
  if (Number.isNaN(at.getTime()))
    throw new UsageError(`--as-of is "${text}": use the number of a version, or a time such as 2026-06-01T06:00:00Z.`)
  return { timestamp: at.toISOString() }
}
