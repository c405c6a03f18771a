import { fields, list, type Manifest } from '../manifest.ts'

export interface PodTemplate {
  readonly labels: Readonly<Record<string, unknown>>
  readonly spec: Readonly<Record<string, unknown>>
  /** Whether the pod is meant to run until it is stopped; a Job's ends by itself. */
  readonly longRunning: boolean
}

export interface Container {
  readonly name: string
  readonly fields: Readonly<Record<string, unknown>>
  readonly init: boolean
}

/** The pod that an object makes, if it makes one. */
export function podTemplateOf(manifest: Manifest): PodTemplate | undefined {
  const spec = fields(manifest.spec)
  switch (manifest.kind) {
    case 'Pod':
      return { labels: manifest.metadata.labels ?? {}, spec, longRunning: spec.restartPolicy !== 'Never' }
    case 'Deployment':
    case 'StatefulSet':
    case 'DaemonSet':
    case 'ReplicaSet':
      return fromTemplate(spec.template, true)
    case 'Job':
      return fromTemplate(spec.template, false)
    case 'CronJob':
      return fromTemplate(fields(fields(spec.jobTemplate).spec).template, false)
    default:
      return undefined
  }
}

export function containersOf(pod: PodTemplate): Container[] {
  const read = (key: string, init: boolean) =>
    list(pod.spec[key]).map(item => ({ name: String(fields(item).name), fields: fields(item), init }))
  return [...read('initContainers', true), ...read('containers', false)]
}

function fromTemplate(template: unknown, longRunning: boolean): PodTemplate {
  const { metadata, spec } = fields(template)
  return { labels: fields(fields(metadata).labels), spec: fields(spec), longRunning }
}
