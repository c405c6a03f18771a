import { findLines, leaveLine } from '../log-lines.ts'
import type { Run } from '../run.ts'

/** A request's own id leads to what the service logged of it. */
export async function findLogs(run: Run): Promise<void> {
  const began = Date.now()
  const [lines = []] = await findLines(run, [leaveLine(run)])
  const seconds = ((Date.now() - began) / 1_000).toFixed(1)
  run.report.check(lines.length > 0, 'Loki finds the service’s line by the request’s id', `${lines.length} after ${seconds} s`)
  run.report.check(
    lines.every(({ labels }) => labels.service === 'ducklake' && labels.level === 'info'),
    'with its service and level',
    JSON.stringify(lines[0]?.labels),
  )
}
