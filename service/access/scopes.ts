/** What a caller may do. `admin` holds the other three too. */
export const scopes = ['read', 'write', 'ddl', 'admin'] as const
export type Scope = (typeof scopes)[number]

export function isScope(text: string): text is Scope {
  return scopes.some(scope => scope === text)
}

export function holds(held: readonly Scope[], wanted: Scope): boolean {
  return held.includes(wanted) || held.includes('admin')
}
