/** What the doctor looks at, in this order. */
export const checks = ['settings', 'versions', 'folder', 'extensions', 'storage', 'catalog', 'publications', 'clock'] as const
export type Check = (typeof checks)[number]

/** One thing that was looked at. */
export interface Finding {
  readonly check: Check
  /** warning: it works, and something about it is not as it should be. */
  readonly state: 'ok' | 'warning' | 'fault'
  /** A sentence: what is so. */
  readonly what: string
  /** An address, a file, a variable. */
  readonly where: string
  /** A sentence: what to do about it. */
  readonly todo?: string
}

export function ok(check: Check, what: string, where: string): Finding {
  return { check, state: 'ok', what, where }
}

export function fault(check: Check, what: string, where: string, todo: string): Finding {
  return { check, state: 'fault', what, where, todo }
}

export function warning(check: Check, what: string, where: string, todo: string): Finding {
  return { check, state: 'warning', what, where, todo }
}

export function hasFault(findings: readonly Finding[]): boolean {
  return findings.some(({ state }) => state === 'fault')
}

/** The service's sentences say what is wrong and, behind the last colon, what to do. */
export function faultOf(check: Check, sentence: string, where: string): Finding {
  const at = sentence.lastIndexOf(': ')
  if (at < 0) return fault(check, sentence, where, 'Mend it, and ask again.')
  const todo = sentence.slice(at + 2)
  return fault(check, `${sentence.slice(0, at)}.`, where, todo.charAt(0).toUpperCase() + todo.slice(1))
}

export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return messageOf(error.errors[0])
  return error instanceof Error ? error.message || codeOf(error) : String(error)
}

/** Of a system call, of TLS, of PostgreSQL or of S3; empty if there is none. */
export function codeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0])
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
