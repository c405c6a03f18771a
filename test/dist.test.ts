import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { buildAll } from '../constructs/commands/build-all.ts'
import { readCommitted } from '../constructs/commands/committed-files.ts'
import { renderAll } from '../constructs/commands/render-all.ts'
import { dev, production } from '../constructs/environments.ts'
import { fields, type Manifest } from '../constructs/manifest.ts'
import { deployment } from '../main.ts'

it('what is committed is what the constructs make, and nothing else lies beside it', () => {
  const rendered = renderAll(buildAll({ dev, production }, deployment))
  const committed = readCommitted({ root: process.cwd(), dist: 'dist' })
  expect(Object.fromEntries(committed), 'run "npm run synth" and commit its output').toEqual(
    Object.fromEntries(rendered.map(file => [file.path, file.text])),
  )
})

/** Every object of `dist`, with the folder of its environment. */
const objects = [...readCommitted({ root: process.cwd(), dist: 'dist' })]
  .filter(([path]) => path.endsWith('.k8s.yaml'))
  .flatMap(([path, text]) => parseAllDocuments(text).map((document): [string, Manifest] => [path.split('/')[1] ?? '', document.toJS()]))

it('findings of kube-score are accepted in these objects and in no other, each with its reason', () => {
  const accepting = objects.flatMap(([environment, { kind, metadata }]) => {
    const annotations = fields(metadata.annotations)
    const check = annotations['kube-score/ignore']
    if (check === undefined) return []
    expect(annotations['ducklake-platform/accepted-because']).toMatch(/^[A-Z].+[.]$/)
    return [`${environment} ${kind} ${metadata.namespace}/${metadata.name} ${check}`]
  })
  const ofBoth = (environment: string) => [
    `${environment} DaemonSet log-collector/log-collector container-security-context-user-group-id`,
    ...['default-deny', 'minio', 'minio-job', 'postgres'].map(
      name => `${environment} NetworkPolicy storage/${name} networkpolicy-targets-pod`,
    ),
  ]
  expect(accepting.sort()).toEqual(
    ['dev Deployment ducklake/ducklake-service deployment-replicas', ...ofBoth('dev'), ...ofBoth('production')].sort(),
  )
})

it('what no annotation can accept is of objects that are there, with its reason', () => {
  const names = objects.map(([, { kind, metadata }]) => `${kind}/${metadata.name}`)
  const waivers = readFileSync('.ci/manifest-waivers.txt', 'utf8')
    .split('\n')
    .filter(line => line !== '' && !line.startsWith('#'))
  for (const line of waivers) {
    const [object = '', check = '', ...reason] = line.split(' ')
    expect(names, line).toContain(object)
    expect(check, line).toMatch(/^pss\/[a-z-]+$/)
    expect(reason.length, line).toBeGreaterThan(4)
  }
  expect(new Set(waivers).size).toBe(waivers.length)
})
