import { parseAllDocuments } from 'yaml'
import type { Environment, RenderedFile } from '../../../constructs/index.ts'
import { fields, list, type Manifest, text } from '../../../constructs/manifest.ts'
import { deployment } from '../../../main.ts'
import type { Kubectl } from './kubectl.ts'
import { minioJob } from './stand-ins/minio-job.ts'
import { minioServer, minioVolume } from './stand-ins/minio-server.ts'
import { postgresServer } from './stand-ins/postgres-server.ts'

/** How long a cluster may take until all is Ready, where it has to pull images too. */
const readyWithin = '600s'

/** Everything of `dev` as it is applied. */
export class Platform {
  /** What `dist/dev` holds, without what is for Argo CD. */
  readonly files: readonly RenderedFile[]
  private readonly standIns: readonly Manifest[]

  /** @param charts the real charts in place of the stand-ins: a folder, or `repositories` */
  constructor(
    private readonly kubectl: Kubectl,
    readonly environment: Environment,
    private readonly charts: string | undefined,
  ) {
    const rendered = deployment(environment).render()
    this.files = rendered.filter(({ path, objects }) => objects > 0 && !path.includes('/argocd/'))
    this.standIns = charts === undefined ? [...minioServer(), ...minioJob(), ...postgresServer()] : []
  }

  get manifests(): readonly Manifest[] {
    return this.files.flatMap(file => parseAllDocuments(file.text).map((document): Manifest => document.toJS()))
  }

  get namespaces(): readonly string[] {
    return this.manifests.filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => metadata.name)
  }

  /** Each Deployment, StatefulSet and DaemonSet that the cluster has of it, those of the charts too, as `kubectl` wants to hear it. */
  get workloads(): readonly { readonly namespace: string; readonly name: string }[] {
    return this.namespaces.flatMap(namespace =>
      this.kubectl
        .items(['deployments,statefulsets,daemonsets', '--namespace', namespace])
        .map(({ kind, metadata }) => ({ namespace, name: `${String(kind).toLowerCase()}/${fields(metadata).name}` })),
    )
  }

  /** The image of the service. */
  get image(): string {
    const service = this.manifests.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'ducklake-service')
    const pod = fields(fields(fields(service?.spec).template).spec)
    return text(fields(list(pod.containers)[0]).image) ?? ''
  }

  /** Namespaces, Secrets, the charts or their stand-ins, and every file. */
  apply(): void {
    if (this.charts !== undefined) {
      this.kubectl.runNpm(['deploy', '--', '--env', 'dev', ...(this.charts === 'repositories' ? [] : ['--charts', this.charts])])
      return
    }
    this.kubectl.runNpm(['secrets', '--', '--env', 'dev'])
    this.kubectl.applyObjects([minioVolume(), ...this.standIns])
    for (const file of this.files) this.kubectl.apply(file.text)
  }

  /** @throws Error with what keeps it from being so */
  waitUntilReady(): void {
    for (const { namespace, name } of this.workloads)
      this.kubectl.run(['rollout', 'status', name, '--namespace', namespace, `--timeout=${readyWithin}`])
    if (this.charts === undefined)
      this.kubectl.run(['wait', '--for=condition=complete', 'job/minio-post-job', '--namespace=storage', `--timeout=${readyWithin}`])
  }

  /** All of it but namespaces, Secrets and volumes, and until the pods are gone too. */
  deleteWorkloads(): void {
    const objects = [...this.manifests.filter(({ kind }) => kind !== 'Namespace'), ...this.standIns]
    this.kubectl.run(
      ['delete', '--wait', '--cascade=foreground', '--ignore-not-found', '--filename', '-'],
      JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }),
    )
  }
}
