import { readdirSync } from 'node:fs'
import { describe, expect, it, vi } from 'vitest'
import { ClusterTool } from '../../constructs/commands/cluster-tool.ts'
import { deploy } from '../../constructs/commands/deploy.ts'
import { dev, production } from '../../constructs/environments.ts'
import type { Environment } from '../../constructs/index.ts'
import { fields, list, type Manifest } from '../../constructs/manifest.ts'
import { deployment } from '../../main.ts'
import { at, manifestsOf } from './synth.ts'

/** What `npm run deploy` would call, word for word. */
function commandsOf(environment: Environment): string[] {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {})
  deploy(deployment(environment), new ClusterTool(process.cwd(), true), { root: process.cwd() })
  const commands = log.mock.calls.map(([line]) => String(line))
  log.mockRestore()
  return commands
}

/** Each chart as the same command would have it. */
function helmCommand(application: Manifest): string {
  const [chart, values] = list(at(application, 'spec.sources')).map(fields)
  const { releaseName, valueFiles } = fields(chart?.helm)
  const [file] = list(valueFiles)
  const source = String(chart?.repoURL)
  const from = source.startsWith('https://') ? `${chart?.chart} --repo ${source}` : `oci://${source}/${chart?.chart}`
  const path = String(file).replace(`$${values?.ref}/`, '')
  return `$ helm upgrade --install ${releaseName} ${from} --version ${chart?.targetRevision} --namespace ${at(application, 'spec.destination.namespace')} --values ${path} --wait --timeout 10m`
}

const clusterWide = ['Namespace', 'ClusterRole', 'ClusterRoleBinding']

describe.each([dev(), production()])('what Argo CD deploys of $name', environment => {
  const files = deployment(environment).render()
  const applications = [...manifestsOf(files.filter(({ path }) => path.includes('/argocd/'))).values()]
  const [project, root, ...others] = applications
  const folders = others.filter(application => at(application, 'spec.source'))

  it('is each file that the command applies, once', () => {
    const read = folders.map(application => `${at(application, 'spec.source.path')}/${at(application, 'spec.source.directory.include')}`)
    const committed = readdirSync(`dist/${environment.name}`).filter(name => name.endsWith('.yaml'))
    expect(read.sort()).toEqual(committed.map(name => `dist/${environment.name}/${name}`).sort())
    expect(commandsOf(environment)).toContain(`$ kubectl apply --server-side --filename dist/${environment.name}/`)
    expect(at(root, 'spec.source')).toMatchObject({
      path: `dist/${environment.name}/argocd`,
      directory: { recurse: false, include: '*.yaml' },
    })
  })

  it('is each chart that the command installs, with the same release, version and values', () => {
    const charts = others.filter(application => !folders.includes(application)).map(helmCommand)
    expect(charts).toEqual(commandsOf(environment).filter(line => line.startsWith('$ helm ')))
    expect(charts).not.toEqual([])
  })

  it('is allowed by its project', () => {
    const namespaces = list(at(project, 'spec.destinations')).map(destination => fields(destination).namespace)
    const wide = list(at(project, 'spec.clusterResourceWhitelist')).map(fields)
    for (const { kind, metadata } of manifestsOf(files).values()) {
      if (!clusterWide.includes(kind)) expect(namespaces, `${kind} ${metadata.name}`).toContain(metadata.namespace)
      else
        expect(
          wide.some(item => item.kind === kind && (item.name ?? metadata.name) === metadata.name),
          `${kind} ${metadata.name}`,
        ).toBe(true)
    }
  })

  it('leaves the number of pods to an autoscaler, and what holds data where it is', () => {
    const objects = [...manifestsOf(files).values()]
    const scaled = objects.filter(({ kind }) => kind === 'HorizontalPodAutoscaler').map(object => at(object, 'spec.scaleTargetRef.name'))
    for (const name of scaled) expect(at(manifestsOf(files).get(`Deployment ${name}`), 'spec'), `${name}`).not.toHaveProperty('replicas')
    const generated = objects.filter(object => at(object, 'spec.refreshPolicy') === 'CreatedOnce')
    const holders = [
      ...generated,
      ...objects.filter(({ kind }) => ['Namespace', 'Cluster', 'ObjectStore', 'PersistentVolumeClaim'].includes(kind)),
    ]
    for (const { kind, metadata } of holders)
      expect(metadata.annotations?.['argocd.argoproj.io/sync-options'], `${kind} ${metadata.name}`).toMatch(
        /^Prune=(false|confirm),Delete=(false|confirm)$/,
      )
    for (const object of objects.filter(({ kind }) => kind === 'StatefulSet'))
      expect(at(object, 'spec.persistentVolumeClaimRetentionPolicy')).toEqual({ whenDeleted: 'Retain', whenScaled: 'Retain' })
  })
})
