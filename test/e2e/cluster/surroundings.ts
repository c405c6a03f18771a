import { fields, type Manifest } from '../../../constructs/manifest.ts'
import type { Kubectl } from './kubectl.ts'
import type { Platform } from './platform.ts'

/** Where dev lets callers in from: the ingress controller's. */
export const callerNamespace = 'ingress-nginx'
export const strangerNamespace = 'e2e-stranger'

const madeHere = { 'ducklake-e2e': 'made' }
const label = Object.entries(madeHere)
  .map(pair => pair.join('='))
  .join()

/** The namespaces around the platform that callers and strangers stand in. */
export class Surroundings {
  constructor(
    private readonly kubectl: Kubectl,
    private readonly platform: Platform,
  ) {}

  /** @throws Error if the cluster has namespaces of the platform: they may be somebody's. */
  assertEmpty(): void {
    const there = this.platformNamespaces()
    if (there.length > 0)
      throw new Error(
        `The cluster is not empty, it has ${there.join(', ')}. If a run before left them: "npm run e2e:cluster -- --clean" deletes them with all that is in them, volumes too.`,
      )
  }

  /** @throws Error if the platform that is there is another's: steps change it, and take parts of it away. */
  assertOurs(): void {
    const made = this.kubectl.items(['namespaces', '--selector', label]).map(({ metadata }) => String(fields(metadata).name))
    const others = this.platformNamespaces().filter(name => !made.includes(name))
    if (others.length > 0) throw new Error(`${others.join(', ')} was not made by this command, which leaves it as it is.`)
  }

  /** Marks the platform's namespaces as of a run of this. */
  claim(): void {
    for (const name of this.platformNamespaces()) this.kubectl.run(['label', 'namespace', name, label])
  }

  make(): void {
    const missing = [callerNamespace, strangerNamespace].filter(name => !this.kubectl.exists(['namespace', name]))
    const namespace = (name: string): Manifest => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: madeHere } })
    if (missing.length > 0) this.kubectl.applyObjects(missing.map(namespace))
  }

  /** The platform with all its volumes, and what was made around it. @throws Error if it is another's */
  remove(): void {
    this.assertOurs()
    this.platform.deleteWorkloads()
    this.kubectl.run(['delete', 'namespace', '--wait', '--selector', label])
  }

  private platformNamespaces(): readonly string[] {
    return this.platform.namespaces.filter(name => this.kubectl.exists(['namespace', name]))
  }
}
