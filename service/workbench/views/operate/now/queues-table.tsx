import type { QueueEntry } from '../../../api/operate.ts'
import { momentText } from '../../../format/moment.ts'
import { durationText, grouped } from '../../../format/numbers.ts'

/** Messages that wait for their tables. */
export function QueuesTable({ queues }: { readonly queues: readonly QueueEntry[] }) {
  if (queues.length === 0)
    return (
      <p class="muted">
        Nothing was ever sent to one: <code>POST /v1/queue/…</code> takes rows that need not be in their table at once.
      </p>
    )
  return (
    <table class="plain wide">
      <thead>
        <tr>
          <th>Table</th>
          <th>State</th>
          <th class="number">Waiting</th>
          <th class="number">Oldest</th>
          <th class="number">Put aside</th>
          <th class="number">Came through</th>
          <th>Last</th>
        </tr>
      </thead>
      <tbody>
        {queues.map(({ schema, table, state, depth, oldestAgeSeconds, dead, drainedCount, drainedAt, obstacle }) => (
          <tr key={`${schema}.${table}`}>
            <td class="name" dir="auto">
              {schema === 'main' ? '' : `${schema}.`}
              {table.slice(0, 120)}
            </td>
            <td class={state === 'blocked' ? 'warning' : ''}>
              {state}
              {obstacle && `: ${obstacle.detail.slice(0, 300)}`}
            </td>
            <td class="number">{grouped(depth)}</td>
            <td class="number">{oldestAgeSeconds === null ? '' : durationText(oldestAgeSeconds * 1_000)}</td>
            <td class={`number ${dead === '0' ? '' : 'warning'}`}>{grouped(dead)}</td>
            <td class="number">{grouped(drainedCount)}</td>
            <td class="when">{drainedAt === null ? 'never' : momentText(drainedAt)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
