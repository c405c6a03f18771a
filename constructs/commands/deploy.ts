import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { HelmValues } from '../helm-values.ts'
import { InvalidValue } from '../invalid.ts'
import type { LakeApp } from '../lake-app.ts'
import type { ClusterTool } from './cluster-tool.ts'
import { readCommitted } from './committed-files.ts'
import { createSecrets } from './create-secrets.ts'
import { describeChanges } from './describe-changes.ts'

/** How long helm waits for a chart's pods and Jobs: four MinIO servers that each wait 45 s, and the pull of their image. */
const readyWithin = '10m'

interface DeployOptions {
  readonly root: string
  /** A folder with `<chart>-<version>.tgz` or `<chart>-<version>/`, for a cluster without a way to the chart repositories. */
  readonly charts?: string
}

/** Brings the committed files to the current cluster: namespaces, Secrets, charts, manifests. @returns the exit code, always 0. */
export function deploy(app: LakeApp, cluster: ClusterTool, { root, charts }: DeployOptions): number {
  const { environment } = app
  const own = (path: string) => path.startsWith(`dist/${environment}/`) || path.startsWith(`helm-values/${environment}/`)
  const committed = new Map([...readCommitted({ root, dist: 'dist' })].filter(([path]) => own(path)))
  if (describeChanges(committed, app.render()).length > 0) {
    throw new InvalidValue(`dist/${environment} is not what the constructs make: run "npm run synth" and review it first.`)
  }

  createSecrets(app, cluster)
  for (const values of app.node.findAll().filter(node => node instanceof HelmValues)) {
    const file = `helm-values/${environment}/${values.file}`
    cluster.run(
      'helm',
      'upgrade',
      '--install',
      values.release,
      ...chartSource(values, charts),
      '--namespace',
      values.namespace,
      '--values',
      file,
      '--wait',
      '--timeout',
      readyWithin,
    )
  }
  // Not recursive: dist/<environment>/argocd is for clusters that Argo CD deploys to.
  cluster.run('kubectl', 'apply', '--server-side', '--filename', `dist/${environment}/`)
  return 0
}

function chartSource({ chart }: HelmValues, folder: string | undefined): string[] {
  const { version, source } = chart.version
  if (folder) {
    const found = [`${chart.name}-${version}.tgz`, `${chart.name}-${version}`]
      .map(name => join(folder, name))
      .find(path => existsSync(path))
    if (!found)
      throw new InvalidValue(
        `There is no ${chart.name}-${version}.tgz and no folder ${chart.name}-${version} in ${folder}: put the chart there.`,
      )
    return [found]
  }
  return source.startsWith('https://')
    ? [chart.name, '--repo', source, '--version', version]
    : [`oci://${source}/${chart.name}`, '--version', version]
}
