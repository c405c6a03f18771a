import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { archiveImage } from '../../../constructs/commands/image-archive/archive-image.ts'
import { dev } from '../../../constructs/environments.ts'
import { images } from '../../../constructs/versions.ts'
import { e2eEnvironments } from '../logging/e2e-environments.ts'
import { Report } from '../logging/report.ts'
import { ClientPod } from './client-pod.ts'
import { Kubectl } from './kubectl.ts'
import { memoryOfPods } from './memory.ts'
import { type Options, readOptions } from './options.ts'
import { Platform } from './platform.ts'
import type { Run } from './run.ts'
import { makeStandIns } from './stand-ins/make-images.ts'
import { steps } from './steps.ts'
import { callerNamespace, Surroundings, strangerNamespace } from './surroundings.ts'

// Applies dev to an empty cluster and uses it: what it shows step by step is in steps.ts, how to call it in docs/operations.md.

const options = readOptions(process.argv.slice(2))
const kubectl = new Kubectl(options.kubeconfig)
// Loki 2.9 is published as no module of Go: its stand-in is the generation that can be built, with that one's configuration.
const [standInEnvironment = dev()] = e2eEnvironments()
const platform = new Platform(kubectl, options.charts === undefined ? standInEnvironment : dev(), options.charts)
const surroundings = new Surroundings(kubectl, platform)
const report = new Report()
const run: Run = {
  kubectl,
  platform,
  client: new ClientPod(kubectl, callerNamespace),
  stranger: new ClientPod(kubectl, strangerNamespace),
  report,
}

if (options.clean) surroundings.remove()
else await runSteps(options)

async function runSteps({ steps: names, keep, load }: Options): Promise<void> {
  const unknown = names.filter(name => !Object.keys(steps).includes(name))
  if (unknown.length > 0) throw new Error(`There is no step ${unknown.join(', ')}: there are ${Object.keys(steps).join(', ')}.`)
  const chosen = Object.entries(steps).filter(([name]) => names.length === 0 || names.includes(name))
  if (load !== undefined) await loadImages(load)
  const applies = names.length === 0 || names.includes('apply')
  if (applies) surroundings.assertEmpty()
  else surroundings.assertOurs()
  surroundings.make()
  for (const pod of [run.client, run.stranger]) pod.start(platform.image)
  for (const [name, step] of chosen) {
    console.log(`\n${name}`)
    const began = performance.now()
    try {
      await step(run)
    } catch (error) {
      report.check(false, `${name} could not go on`, String(error))
    } finally {
      surroundings.claim()
    }
    const memory = [...memoryOfPods(kubectl, platform.namespaces)].map(([pod, mebibytes]) => `${pod} ${mebibytes}`)
    console.log(`      ${Math.round((performance.now() - began) / 1_000)} s; MiB: ${memory.join(', ')}`)
  }
  console.log()
  report.end()
  if (report.failures > 0) process.exitCode = 1
  // What another made is not this run's to delete.
  if (keep || !applies || report.failures > 0)
    console.log('Everything is left as it is; "npm run e2e:cluster -- --clean" takes it away, volumes too.')
  else surroundings.remove()
}

/** Packs what nobody can pull, and has the given command bring it to the nodes. */
async function loadImages(command: string): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), 'e2e-images-'))
  try {
    const archive = options.archive ?? join(work, 'service.tar')
    if (options.archive === undefined) await archiveImage({ root: process.cwd(), file: archive, tag: platform.image })
    const { source, version } = images.loki3
    const standIns = options.charts === undefined ? await makeStandIns(join(work, 'stand-ins'), `${source}:${version}`) : []
    for (const { tag, runs } of standIns) console.log(`${tag}: ${runs}`)
    for (const file of [archive, ...standIns.map(({ archive }) => archive)]) {
      const { status } = spawnSync('sh', ['-c', `${command} "$1"`, 'load', file], { stdio: ['ignore', 'ignore', 'inherit'] })
      if (status !== 0) throw new Error(`${command} ${file} failed`)
    }
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}
