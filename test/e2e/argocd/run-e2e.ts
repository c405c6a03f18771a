import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import diff from 'microdiff'
import { dev, production } from '../../../constructs/environments.ts'
import { HelmValues } from '../../../constructs/helm-values.ts'
import type { LakeApp } from '../../../constructs/lake-app.ts'
import { fields } from '../../../constructs/manifest.ts'
import { deployment } from '../../../main.ts'
import { programFolder } from '../../service/servers/go-program.ts'
import { Report } from '../logging/report.ts'
import { named, objectsOf } from './objects.ts'

// Renders the committed Applications with Argo CD's own code and compares each object with what `npm run deploy` applies:
// `npm run e2e:argocd -- --charts FOLDER`, with the unpacked charts in folders of their names. helm has to be on the PATH.

const kubernetes = '1.35.4'
const { charts } = parseArgs({ options: { charts: { type: 'string' } } }).values
const renderer = join(programFolder, 'argocd-render')
if (!charts || !existsSync(renderer)) {
  console.error(
    charts
      ? 'argocd-render is missing: node --import tsx/esm test/e2e/argocd/build-renderer.ts builds it.'
      : 'Say where the charts are: --charts FOLDER.',
  )
  process.exit(2)
}

const report = new Report()
for (const environment of [dev(), production()]) compare(deployment(environment), charts)
report.end()
process.exitCode = report.failures > 0 ? 1 : 0

function compare(app: LakeApp, charts: string): void {
  const { environment } = app
  const byArgo = renderedByArgo(environment, charts)
  const applied = new Map([...appliedManifests(environment), ...appliedCharts(app, charts)])
  const missing = [...applied.keys()].filter(name => !byArgo.has(name))
  const besides = [...byArgo.keys()].filter(name => !applied.has(name))
  report.check(
    applied.size > 0 && missing.length === 0,
    `${environment}: each of ${applied.size} objects is in an Application`,
    missing.join(', '),
  )
  report.check(besides.length === 0, `${environment}: no Application brings anything else`, besides.join(', '))
  const different = [...applied].flatMap(([name, object]) =>
    diff({ ...fields(object) }, { ...fields(byArgo.get(name)) }).map(({ path }) => `${name} ${path.join('.')}`),
  )
  report.check(different.length === 0, `${environment}: each is the same, field by field`, different.join(', '))
}

/** All but the Applications themselves, which `npm run deploy` leaves to whoever has an Argo CD. */
function renderedByArgo(environment: string, charts: string): Map<string, unknown> {
  const file = join('dist', environment, 'argocd', 'applications.k8s.yaml')
  const lines = run(renderer, process.cwd(), charts, kubernetes, file).trim().split('\n')
  const namespaces = new Map(
    [...objectsOf(readFileSync(file, 'utf8'), '')].map(([, application]) => [
      fields(fields(application).metadata).name,
      String(fields(fields(fields(application).spec).destination).namespace),
    ]),
  )
  const objects = lines.map(line => JSON.parse(line)).filter(({ application }) => application !== `ducklake-${environment}-root`)
  const entries = objects.map(({ application, object }) => named(object, namespaces.get(application) ?? ''))
  const twice = entries.map(([name]) => name).filter((name, index, names) => names.indexOf(name) < index)
  report.check(twice.length === 0, `${environment}: no object is in two Applications`, twice.join(', '))
  return new Map(entries)
}

/** `kubectl apply --filename dist/<environment>/`, which does not look into folders. */
function appliedManifests(environment: string): [string, unknown][] {
  const files = readdirSync(join('dist', environment)).filter(name => name.endsWith('.yaml'))
  return files.flatMap(name => [...objectsOf(readFileSync(join('dist', environment, name), 'utf8'), 'default')])
}

/** `helm upgrade --install`, hooks included. */
function appliedCharts(app: LakeApp, charts: string): [string, unknown][] {
  const releases = app.node.findAll().filter(node => node instanceof HelmValues)
  return releases.flatMap(({ release, chart, namespace, file }) => {
    const values = join('helm-values', app.environment, file)
    const words = [
      'template',
      release,
      join(charts, chart.name),
      '--namespace',
      namespace,
      '--values',
      values,
      '--kube-version',
      kubernetes,
    ]
    return [...objectsOf(run('helm', ...words), namespace)]
  })
}

function run(program: string, ...words: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(program, words, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
  if (status !== 0) throw new Error(`${program} failed: ${error?.message ?? stderr.trim()}`)
  return stdout
}
