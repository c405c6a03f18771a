import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { collect } from '../collect.ts'
import { startLoggingServer } from '../logged-work.ts'
import { provokeEvents } from '../provoke-events.ts'

// Records what another version of PostgreSQL logs, for machines that have none of it:
// node --import tsx/esm test/constructs/log-samples/record.ts 17 /usr/lib/postgresql/17/bin

/** One is as the other, and there are hundreds. */
const keptVacuums = 5

const [version, programs] = process.argv.slice(2)
const server = await startLoggingServer(programs)
try {
  const { events, calls, log } = await provokeEvents(server)
  const { autovacuum, autoanalyze, ...provoked } = events
  let vacuums = 0
  const reports = collect(log)
    .map(({ line }) => line.replaceAll(server.data, '/var/lib/postgresql/data'))
    .filter(report => !report.includes(' to prevent wraparound of table ') || vacuums++ < keptVacuums)
  const counts = { events: { ...provoked, wraparound: keptVacuums, autoanalyze }, calls }
  const file = (ending: string) => join(import.meta.dirname, `postgres-${version}.${ending}`)
  writeFileSync(file('log'), `${reports.join('\n')}\n`)
  writeFileSync(file('json'), `${JSON.stringify(counts, undefined, 2)}\n`)
  console.log(`${file('log')}: ${reports.length} reports, ${autovacuum} vacuums provoked`)
} finally {
  await server.remove()
}
