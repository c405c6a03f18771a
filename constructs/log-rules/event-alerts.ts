import type { LogEvent } from '../log-pipeline/log-event.ts'
import type { Alert } from './rule.ts'

/** The alert of each event of PostgreSQL that has one, for each server by itself. */
export function eventAlerts(events: readonly LogEvent[]): Alert[] {
  return events.flatMap(({ name: event, alert }) => {
    if (!alert) return []
    const { above, within, ...told } = alert
    return {
      ...told,
      query: `sum by (namespace, app) (count_over_time({event="${event}"}[${within}])) > ${above}`,
      description: `{{ $labels.namespace }}/{{ $labels.app }} logged {{ $value }} events "${event}" within ${within}; more than ${above} is told.`,
    }
  })
}
