import type { Manifest } from '../../../constructs/manifest.ts'
import type { Kubectl } from './kubectl.ts'
import type { Platform } from './platform.ts'

/** Where dev lets callers in from: the ingress controller's. */
export const callerNamespace = 'ingress-nginx'
export const strangerNamespace = 'e2e-stranger'

const madeHere = { 'ducklake-e2e': 'made' }

/** The namespaces around the platform that callers and strangers stand in. */
export class Surroundings {
  constructor(
    private readonly kubectl: Kubectl,
    private readonly platform: Platform,
  ) {}

  /** @throws Error if the cluster has namespaces of the platform: they may be somebody's. */
  assertEmpty(): void {
    const there = this.platform.namespaces.filter(name => this.kubectl.exists(['namespace', name]))
    if (there.length > 0)
      throw new Error(
        `The cluster is not empty, it has ${there.join(', ')}. If a run before left them: "npm run e2e:cluster -- --clean" deletes them with all that is in them, volumes too.`,
      )
  }

  make(): void {
    const missing = [callerNamespace, strangerNamespace].filter(name => !this.kubectl.exists(['namespace', name]))
    const namespace = (name: string): Manifest => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: madeHere } })
    if (missing.length > 0) this.kubectl.applyObjects(missing.map(namespace))
  }

  /** The platform with all its volumes, and what was made around it. */
  remove(): void {
    this.platform.deleteWorkloads()
    const [[label, value] = []] = Object.entries(madeHere)
    this.kubectl.run(['delete', 'namespace', '--wait', '--ignore-not-found', ...this.platform.namespaces])
    this.kubectl.run(['delete', 'namespace', '--wait', '--selector', `${label}=${value}`])
  }
}
