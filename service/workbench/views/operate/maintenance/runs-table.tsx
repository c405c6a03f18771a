import type { MaintenanceRun } from '../../../api/operate.ts'
import { momentText } from '../../../format/moment.ts'
import { durationText } from '../../../format/numbers.ts'
import { sentenceOf } from './run-report.tsx'
import { tasks } from './tasks.ts'

/** The last runs, those of the schedule too. */
export function RunsTable({ runs }: { readonly runs: readonly MaintenanceRun[] }) {
  if (runs.length === 0) return <p class="muted">Nothing yet. What the settings say is done by itself.</p>
  return (
    <table class="plain wide">
      <thead>
        <tr>
          <th>When</th>
          <th>Task</th>
          <th>State</th>
          <th class="number">Took</th>
          <th>What</th>
          <th>By</th>
        </tr>
      </thead>
      <tbody>
        {runs.map(run => (
          <tr key={run.id}>
            <td class="when">{momentText(run.startedAt)}</td>
            <td>
              {tasks.find(({ name }) => name === run.task)?.title ?? run.task}
              {run.dryRun && <span class="muted">, tried</span>}
            </td>
            <td class={run.state === 'failed' ? 'warning' : ''}>{run.state}</td>
            <td class="number">{run.endedAt === null ? '' : durationText(Date.parse(run.endedAt) - Date.parse(run.startedAt))}</td>
            <td class="told">{sentenceOf(run)}</td>
            <td>
              <code>{run.requestedBy}</code>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
