import type { EngineClass } from './lake-connection.ts'

/** What connections of a process of the service are called in PostgreSQL; an engine adds its number. Another process finds out by this name
 * whether they are still there. */
export function sessionOf(who: EngineClass | 'gateway', process: string): string {
  return `ducklake-${who}-${process}`
}
