import { fields, list } from '../../../constructs/manifest.ts'
import type { Kubectl } from './kubectl.ts'

export interface Pod {
  readonly uid: string
  readonly namespace: string
  readonly name: string
  readonly phase: string
  readonly ready: boolean
  /** When it last became Ready, or stopped to be, as the cluster writes times. */
  readonly since: string
  /** Restarts of its containers, those that set it up included. */
  readonly restarts: number
}

/** The pods of a namespace, all or those with these labels. */
export function podsOf(kubectl: Kubectl, namespace: string, labels: Readonly<Record<string, unknown>> = {}): Pod[] {
  const selector = Object.entries(labels).map(([key, value]) => `${key}=${value}`)
  const words = ['pods', '--namespace', namespace, ...(selector.length > 0 ? ['--selector', selector.join(',')] : [])]
  return kubectl.items(words).map(({ metadata, status }) => {
    const { phase, conditions, containerStatuses, initContainerStatuses } = fields(status)
    const ready = list(conditions)
      .map(fields)
      .find(({ type }) => type === 'Ready')
    return {
      uid: String(fields(metadata).uid),
      namespace,
      name: String(fields(metadata).name),
      phase: String(phase),
      ready: ready?.status === 'True',
      since: String(ready?.lastTransitionTime),
      restarts: [...list(containerStatuses), ...list(initContainerStatuses)].reduce<number>(
        (sum, container) => sum + Number(fields(container).restartCount ?? 0),
        0,
      ),
    }
  })
}

/** The pods of a Deployment, StatefulSet or DaemonSet. @param workload as kubectl has it, `kind/name` */
export function podsOfWorkload(kubectl: Kubectl, namespace: string, workload: string): Pod[] {
  return podsOf(kubectl, namespace, fields(fields(fields(kubectl.get([workload, '--namespace', namespace]).spec).selector).matchLabels))
}
