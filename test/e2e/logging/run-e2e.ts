import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Duration } from 'cdk8s'
import type { Environment } from '../../../constructs/index.ts'
import { logLabels } from '../../../constructs/log-labels.ts'
import { ruleGroups } from '../../../constructs/log-rules.ts'
import { countCalls, countEvents } from '../../constructs/count-entries.ts'
import type { Provoked } from '../../constructs/provoke-events.ts'
import { startMinio } from '../../service/servers/minio-server.ts'
import { checkEntries } from './check-entries.ts'
import { checkFired } from './check-fired.ts'
import { checkPanels } from './check-panels.ts'
import { checkRetention } from './check-retention.ts'
import { e2eEnvironments } from './e2e-environments.ts'
import { configurationOf, type LogConfiguration, writeConfiguration } from './log-configuration.ts'
import { findLogPrograms, type LogPrograms } from './log-programs.ts'
import { type LogBucket, type LogStack, type PrintingPod, startLogStack } from './log-stack.ts'
import { alertPods, knownRequest, oddPod, postgresPods, servicePod } from './printing-pods.ts'
import { Report } from './report.ts'
import { writeHarnessFolder } from './write-harness-folder.ts'

// Runs the logging of each environment for real: its Loki and its collector, with the logs of real servers, until alerts have arrived and
// old lines are gone. `npm run e2e:logging`, or with the names of environments behind it. `LOGGING_HARNESS` names another program that shall do
// it: it gets a folder with everything, and where the samples lie.

const harness = process.env.LOGGING_HARNESS
const programs = harness ? undefined : findLogPrograms()
const report = new Report()
const names = process.argv.slice(2)
const environments = e2eEnvironments().filter(({ name }) => names.length === 0 || names.includes(name))

const { pods, provoked } = await postgresPods()
const printing = [...pods, await servicePod(), oddPod()]
for (const environment of environments) {
  console.log(`\n${environment.name}: Loki ${environment.logging.loki.generation}, lines in ${environment.logging.loki.store.kind}`)
  if (programs) await checkEnvironment(programs, environment, printing, provoked)
  else if (harness) report.check(runHarness(harness, environment, [...printing, ...alertPods()]), `${harness} passes`)
}
report.end()
process.exitCode = report.failures > 0 ? 1 : 0

function runHarness(harness: string, environment: Environment, pods: readonly PrintingPod[]): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'logging-harness-'))
  writeHarnessFolder(folder, environment, pods)
  const { status } = spawnSync(harness, [folder, '--samples', join(folder, 'samples')], { stdio: 'inherit' })
  if (status === 0) rmSync(folder, { recursive: true, force: true })
  else console.log(`What it was given stays in ${folder}.`)
  return status === 0
}

async function checkEnvironment(
  programs: LogPrograms,
  environment: Environment,
  pods: readonly PrintingPod[],
  provoked: Provoked,
): Promise<void> {
  const configuration = configurationOf(environment)
  checkTexts(programs, configuration)
  const minio = environment.logging.loki.store.kind === 'object-store' ? await startMinio() : undefined
  const bucket: LogBucket | undefined = minio && { endpoint: minio.storage.endpoint, bucket: 'logs', ...minio.keys.logs }
  const stack = await startLogStack(programs, configuration, bucket)
  try {
    await checkRules(stack)
    await stack.collect([...pods, ...alertPods()])
    await checkEntries(report, stack, pods)
    await checkCounts(stack, provoked)
    await checkLabels(stack)
    await checkFired(report, stack)
    await stack.stopCollecting()
    const panels = await checkPanels(stack.url).catch((error: unknown) => String(error))
    report.check(
      typeof panels !== 'string',
      'every panel’s query finds something',
      typeof panels === 'string' ? panels : `${panels.length} queries`,
    )
    await checkRetention(report, stack, (environment.logging.loki.retention ?? Duration.days(7)).toHours())
  } finally {
    await stack.remove()
    await minio?.remove()
  }
}

/** What the programs themselves say of the texts in the ConfigMaps, as they stand. */
function checkTexts({ loki, promtail }: LogPrograms, configuration: LogConfiguration): void {
  const folder = mkdtempSync(join(tmpdir(), 'logging-texts-'))
  writeConfiguration(folder, configuration)
  const says = (program: string, ...words: string[]) => {
    const { status, stderr, stdout } = spawnSync(program, words, { encoding: 'utf8', env: { HOSTNAME: 'node-1' } })
    return { accepts: status === 0, words: status === 0 ? '' : `${stdout}${stderr}`.trim().slice(-500) }
  }
  const verified = says(loki, '-verify-config', `-config.file=${join(folder, 'loki.yaml')}`)
  report.check(verified.accepts, 'Loki verifies its configuration as it stands', verified.words)
  const checked = says(promtail, '-check-syntax', '-config.expand-env=true', `-config.file=${join(folder, 'promtail.yaml')}`)
  report.check(checked.accepts, 'Promtail reads its configuration and builds the pipeline as it stands', checked.words)
  rmSync(folder, { recursive: true, force: true })
}

/** All are loaded, and the one about silence is told before the first line has come. */
async function checkRules({ ask, sink }: LogStack): Promise<void> {
  const wanted = ruleGroups().flatMap(({ alerts }) => alerts.map(({ name }) => name))
  const loaded = await ask.rules()
  report.check(
    wanted.every(name => loaded.includes(name)),
    'the ruler has loaded every alert',
    `${loaded.length} of ${wanted.length}`,
  )
  const silent = () => sink.alerts.some(({ alertname }) => alertname === 'LogIngestionStopped')
  for (let waited = 0; waited < 60 && !silent(); waited++) await sleep(1_000)
  report.check(
    silent() && new Set(sink.alerts.map(({ alertname }) => alertname)).size === 1,
    'alert LogIngestionStopped, and no other, while nothing comes',
  )
}

/** Events and calls of queues as Loki counts them, against what the server was made to do. */
async function checkCounts({ ask }: LogStack, provoked: Provoked): Promise<void> {
  for (const pod of ['postgres-0', 'postgres-1']) {
    const entries = (await ask.entries(`{pod="${pod}"}`)).map(({ line, labels }) => ({ time: '', line, labels, metadata: labels }))
    const [counted, calls] = [countEvents(entries, provoked.sharedTables), countCalls(entries)]
    for (const [event, times] of Object.entries(provoked.events))
      report.check(counted[event] === times, `${pod}: ${event}`, `provoked ${times}, counted ${counted[event] ?? 0}`)
    report.check(
      JSON.stringify(Object.entries(calls).sort()) === JSON.stringify(Object.entries(provoked.calls).sort()),
      `${pod}: calls of queues`,
      Object.entries(calls)
        .map(([call, times]) => `${call} ${times}`)
        .join(', '),
    )
  }
  const known = await ask.total(`sum(count_over_time({service="ducklake"} | request_id="${knownRequest}" [1h]))`)
  report.check(known >= 3, 'the service’s lines are found by their request', `${known} lines`)
}

async function checkLabels({ ask }: LogStack): Promise<void> {
  const names = await ask.labelNames()
  const foreign = names.filter(name => !logLabels.some(label => label === name))
  report.check(foreign.length === 0, 'there are no labels but the known ones', `${names.join(', ')}`)
}
