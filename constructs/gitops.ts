import { Application, type ApplicationSpecDestination, type ApplicationSpecSources, AppProject } from '../imports/argoproj.io.ts'
import type { HelmValues } from './helm-values.ts'
import { labels } from './labels.ts'
import type { LakeApp } from './lake-app.ts'
import { collectorRole } from './log-collector.ts'
import { ManifestFile } from './manifest-file.ts'

/** What an Application can be made of: a file of manifests, the charts that belong to it, and the names of the definitions that these bring. */
export type Deployable = ManifestFile & { readonly charts?: readonly HelmValues[]; readonly customResources?: readonly string[] }

export interface GitOpsProps {
  /** Where this repository is committed, and which branch or tag the cluster follows. */
  readonly repository: { readonly url: string; readonly revision: string }
  /** In the order of a first installation. */
  readonly deploys: readonly Deployable[]
  /** Namespace that Argo CD itself runs in.
   * @default argocd */
  readonly argoNamespace?: string
  /** Address of the cluster to deploy to, as Argo CD knows it.
   * @default https://kubernetes.default.svc */
  readonly cluster?: string
}

type Source = ApplicationSpecSources
type Destination = ApplicationSpecDestination

/** The cluster that Argo CD runs in: its Applications live there, wherever what they deploy goes. */
const home = 'https://kubernetes.default.svc'

/** Argo CD's side: one project, one Application for each file and chart, and the Application that watches them (app of apps).
 * `kubectl apply -f dist/<environment>/argocd/` is needed once.
 * No Application has a finalizer: deleting one leaves what it deployed. */
export class GitOps extends ManifestFile {
  private readonly environment: string
  private readonly project: string
  private readonly props: Required<GitOpsProps>

  constructor(app: LakeApp, props: GitOpsProps) {
    const argoNamespace = props.argoNamespace ?? 'argocd'
    super(app, 'gitops', { file: 'argocd/applications', namespace: argoNamespace })
    this.environment = app.environment
    this.project = `ducklake-${app.environment}`
    this.props = { ...props, argoNamespace, cluster: props.cluster ?? home }
    const { repository, deploys, cluster } = this.props
    const charts = deploys.flatMap(deployable => deployable.charts ?? [])
    const namespaces = [...new Set(deploys.flatMap(deployable => deployable.namespace ?? []))]
    // A file of cluster-scoped objects has no namespace; an Application must name one that its project allows.
    const [firstNamespace = argoNamespace] = namespaces

    new AppProject(this, 'project', {
      metadata: { name: this.project, labels: labels(this.project) },
      spec: {
        description: `The DuckLake platform, environment ${app.environment}`,
        sourceRepos: [repository.url, ...new Set(charts.map(({ chart }) => chart.version.source))],
        destinations: [...namespaces.map(namespace => ({ server: cluster, namespace })), { server: home, namespace: argoNamespace }],
        // All else that is cluster-wide is refused, whatever a chart might bring.
        clusterResourceWhitelist: [
          { group: '', kind: 'Namespace' },
          // By their name: with these two kinds one may otherwise give oneself everything.
          ...['ClusterRole', 'ClusterRoleBinding'].map(kind => ({ group: 'rbac.authorization.k8s.io', kind, name: collectorRole })),
          ...deploys
            .flatMap(({ customResources = [] }) => customResources)
            .map(name => ({ group: 'apiextensions.k8s.io', kind: 'CustomResourceDefinition', name })),
        ],
      },
    })

    this.application('root', { server: home, namespace: argoNamespace }, -1, [this.directory(`dist/${this.environment}/argocd`, '*.yaml')])
    for (const [wave, deployable] of deploys.entries()) {
      const name = deployable.node.id.replace(/^\d+-/, '')
      this.application(name, { server: cluster, namespace: deployable.namespace ?? firstNamespace }, wave, [
        this.directory(`dist/${this.environment}`, deployable.file),
      ])
      for (const values of deployable.charts ?? []) {
        this.application(values.release, { server: cluster, namespace: values.namespace }, wave + 1, this.chart(values))
      }
    }
  }

  private application(name: string, destination: Destination, wave: number, sources: Source[]): void {
    const id = `${this.project}-${name}`
    const [single, ...others] = sources
    new Application(this, name, {
      metadata: {
        name: id,
        labels: labels(id),
        annotations: {
          // The order of a first installation, for the reader: between Applications Argo CD does not wait for it.
          'argocd.argoproj.io/sync-wave': `${wave}`,
          // What the API server itself says would change. The other ways take fields that it or an operator fills in for a difference, and
          // `selfHeal` would apply again for ever.
          'argocd.argoproj.io/compare-options': 'ServerSideDiff=true',
          // A commit that touches neither folder costs no rendering.
          'argocd.argoproj.io/manifest-generate-paths': `/dist/${this.environment};/helm-values/${this.environment}`,
        },
      },
      spec: {
        project: this.project,
        ...(others.length > 0 ? { sources } : { source: single }),
        destination,
        syncPolicy: {
          automated: { prune: true, selfHeal: true },
          syncOptions: ['ServerSideApply=true'],
          // A chart's Job that waits for its server, or a webhook of an operator that starts: both come right within minutes.
          retry: { limit: 5, backoff: { duration: '10s', factor: 2, maxDuration: '5m' } },
        },
        // Four old versions are enough to roll back to; git has the rest.
        revisionHistoryLimit: 4,
      },
    })
  }

  /** Explicit about what it reads: found by itself, a file that ends in `Chart.yaml` would make a Helm chart of the folder. */
  private directory(path: string, include: string): Source {
    const { url, revision } = this.props.repository
    return { repoUrl: url, targetRevision: revision, path, directory: { recurse: false, include } }
  }

  /** The chart from its publisher, its values from this repository. The values' source renders nothing itself. */
  private chart({ chart, release, file }: HelmValues): Source[] {
    const { url, revision } = this.props.repository
    return [
      {
        repoUrl: chart.version.source,
        chart: chart.name,
        targetRevision: chart.version.version,
        helm: { releaseName: release, valueFiles: [`$values/helm-values/${this.environment}/${file}`] },
      },
      { repoUrl: url, targetRevision: revision, ref: 'values' },
    ]
  }
}
