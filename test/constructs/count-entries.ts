import type { Entry } from '../../constructs/log-pipeline/run-pipeline.ts'

/** How many entries each event has, as far as the server's statistics know: they tell no vacuum against wraparound from another, and nobody
 * can ask for those of template0. */
export function countEvents(entries: readonly Entry[], sharedTables: readonly string[]): Record<string, number> {
  return count(
    entries
      .filter(({ labels, metadata }) => labels.database !== 'template0' || sharedTables.includes(metadata.relation ?? ''))
      .map(({ labels }) => (labels.event === 'wraparound' ? 'autovacuum' : labels.event)),
  )
}

/** How often each operation was called on each queue: `send events`. */
export function countCalls(entries: readonly Entry[]): Record<string, number> {
  return count(entries.map(({ metadata: { operation, queue } }) => operation && `${operation} ${queue}`))
}

/** How often each occurs. */
export function count(names: readonly (string | undefined)[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const name of names) if (name !== undefined) counts[name] = (counts[name] ?? 0) + 1
  return counts
}
