import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fields, type Manifest } from '../../../constructs/manifest.ts'
import { containerSecurity, podSecurity } from '../../../constructs/security-context.ts'
import type { Question, Reply } from './client/ask.ts'
import type { Load, LoadReport } from './client/load.ts'
import type { Kubectl } from './kubectl.ts'

const name = 'e2e-client'

/** What selects these pods. */
export const clientLabels = { app: name } as const

const folder = join(import.meta.dirname, 'client')

/** A pod that stands where callers stand: in the namespace that the network lets in, and with the service's image, which has a Node. */
export class ClientPod {
  constructor(
    private readonly kubectl: Kubectl,
    private readonly namespace: string,
  ) {}

  /** Makes it anew and waits for it. */
  start(image: string): void {
    this.kubectl.run(['delete', 'pod', name, '--namespace', this.namespace, '--ignore-not-found', '--grace-period=1'])
    this.kubectl.applyObjects(this.manifests(image))
    this.kubectl.run(['wait', '--for=condition=Ready', `pod/${name}`, '--namespace', this.namespace, '--timeout=120s'])
  }

  ask(questions: readonly Question[]): readonly Reply[] {
    return JSON.parse(this.kubectl.run(this.words('ask.ts'), JSON.stringify(questions)))
  }

  /** Whether each `host:port` takes a connection from here. */
  reach(addresses: readonly string[]): readonly boolean[] {
    return JSON.parse(this.kubectl.run(this.words('reach.ts', JSON.stringify(addresses))))
  }

  /** Starts a load and waits for the first answer. @returns what ends it, and gives its report once the last request is answered */
  async load(load: Load): Promise<() => Promise<LoadReport>> {
    const child = this.kubectl.start(this.words('load.ts', JSON.stringify(load)))
    if (!child.stdout) throw new Error('kubectl exec has no output')
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    const line = async (): Promise<string> => {
      const { value, done } = await lines.next()
      if (done) throw new Error('the load ended before its report')
      return value
    }
    await line()
    return async () => {
      child.stdin?.end()
      return JSON.parse(await line())
    }
  }

  private words(program: string, ...further: readonly string[]): string[] {
    return ['exec', '--stdin', name, '--namespace', this.namespace, '--', 'node', `/client/${program}`, ...further]
  }

  private manifests(image: string): Manifest[] {
    const { namespace } = this
    const programs = Object.fromEntries(readdirSync(folder).map(file => [file, readFileSync(join(folder, file), 'utf8')]))
    const container = {
      name,
      image,
      imagePullPolicy: 'IfNotPresent',
      command: ['node', '--eval', 'process.once("SIGTERM", () => process.exit()); setInterval(() => {}, 60_000)'],
      securityContext: containerSecurity,
      resources: { requests: { cpu: '10m', memory: '64Mi' }, limits: { memory: '512Mi' } },
      volumeMounts: [{ name: 'programs', mountPath: '/client', readOnly: true }],
    }
    return [
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name, namespace },
        data: { ...programs, 'package.json': '{"type":"module"}' },
      },
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name, namespace, labels: clientLabels },
        spec: {
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          terminationGracePeriodSeconds: 1,
          securityContext: podSecurity,
          containers: [container],
          volumes: [{ name: 'programs', configMap: { name } }],
        },
      },
    ]
  }
}

/** The body of an answer that has to be one. @throws Error with what came instead */
export function bodyOf(reply: Reply | undefined): Readonly<Record<string, unknown>> {
  if (!reply || reply.status < 200 || reply.status > 299) throw new Error(`The service answers ${reply?.status}: ${reply?.body}`)
  return fields(JSON.parse(reply.body))
}
