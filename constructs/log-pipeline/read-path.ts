/** What lies at a path of a line of JSON, as text; `a.b || c` is the first that is there and not empty, as in JMESPath.
 * @returns malformed for a line that is no object */
export function readPath(line: string, path: string): 'malformed' | { readonly value: string | undefined } {
  const object = parsed(line)
  if (!isObject(object)) return 'malformed'
  const found = path
    .split(' || ')
    .map(one => one.split('.').reduce<unknown>((value, name) => (isObject(value) ? value[name] : undefined), object))
    .find(value => value !== undefined && value !== null && value !== '' && value !== false)
  if (found === undefined) return { value: undefined }
  return { value: typeof found === 'string' ? found : JSON.stringify(found) }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
