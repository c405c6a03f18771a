/** A JSON object of a log: an action, or a part of one. */
export type Action = Readonly<Record<string, unknown>>

/** @returns nothing in it for what is no JSON object. */
export function parseAction(text: string): Action {
  try {
    const parsed: unknown = JSON.parse(text)
    return isAction(parsed) ? parsed : {}
  } catch {
    return {}
  }
}

export function isAction(value: unknown): value is Action {
  return typeof value === 'object' && value !== null
}
