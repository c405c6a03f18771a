/** Which keys of a chart's values we set and what they hold. Helm ignores a misspelled key without a word, so this list is what stops one:
 * TypeScript checks against the type made of it, `npm run synth` against the list itself.
 * `free` is a fragment that the chart copies into a manifest; one-element lists describe every item. */
export type Shape = 'string' | 'boolean' | 'integer' | 'free' | readonly [Shape] | { readonly [key: string]: Shape }

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

export type ValuesOf<S extends Shape> = S extends 'string'
  ? string
  : S extends 'boolean'
    ? boolean
    : S extends 'integer'
      ? number
      : S extends 'free'
        ? Json
        : S extends readonly [infer Item extends Shape]
          ? readonly ValuesOf<Item>[]
          : { readonly [K in keyof S]?: S[K] extends Shape ? ValuesOf<S[K]> : never }

/** One sentence for each key that the chart does not have or that holds another type. */
export function mismatches(shape: Shape, value: unknown, path = ''): string[] {
  if (value === undefined || shape === 'free') return []
  if (typeof shape === 'string') {
    const matches = shape === 'integer' ? Number.isInteger(value) : typeof value === shape
    return matches ? [] : [`${path} is ${describe(value)}, the chart wants ${shape === 'integer' ? 'an' : 'a'} ${shape}`]
  }
  if (isList(shape)) {
    if (!Array.isArray(value)) return [`${path} is ${describe(value)}, the chart wants a list`]
    return value.flatMap((item, index) => mismatches(shape[0], item, `${path}[${index}]`))
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return [`${path || 'the file'} is ${describe(value)}, the chart wants a map`]
  }
  return Object.entries(value).flatMap(([key, entry]) => {
    const here = path ? `${path}.${key}` : key
    const known = shape[key]
    return known === undefined
      ? [`${here} is no key that the chart is known to have (here it has ${Object.keys(shape).join(', ')})`]
      : mismatches(known, entry, here)
  })
}

function isList(shape: readonly [Shape] | { readonly [key: string]: Shape }): shape is readonly [Shape] {
  return Array.isArray(shape)
}

function describe(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'a map' : `the ${typeof value} ${JSON.stringify(value)}`
}
