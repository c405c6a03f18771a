import { setTimeout as sleep } from 'node:timers/promises'
import { fields } from '../../../constructs/manifest.ts'
import type { Kubectl } from './kubectl.ts'

const namespace = '--namespace=ducklake'
const deployment = ['deployment/ducklake-service', namespace]
const selector = '--selector=app.kubernetes.io/instance=ducklake-service'

export interface ServicePod {
  readonly name: string
  readonly url: string
}

/** The service's pods that are there and not on their way out. */
export function servicePods(kubectl: Kubectl): readonly ServicePod[] {
  return kubectl
    .items(['pods', namespace, selector])
    .filter(({ metadata }) => fields(metadata).deletionTimestamp === undefined)
    .map(({ metadata, status }) => ({ name: String(fields(metadata).name), url: `http://${fields(status).podIP}:8080` }))
}

/** @throws Error if they are not Ready in time */
export function scale(kubectl: Kubectl, replicas: number): void {
  kubectl.run(['scale', ...deployment, `--replicas=${replicas}`])
  waitForRollout(kubectl)
}

export function restart(kubectl: Kubectl): void {
  kubectl.run(['rollout', 'restart', ...deployment])
  waitForRollout(kubectl)
}

export function waitForRollout(kubectl: Kubectl): void {
  kubectl.run(['rollout', 'status', ...deployment, '--timeout=300s'])
}

/** Until a pod has answered its last request and is gone. */
export function waitUntilGone(kubectl: Kubectl, pods: readonly ServicePod[]): void {
  kubectl.run(['wait', '--for=delete', namespace, '--timeout=120s', ...pods.map(({ name }) => `pod/${name}`)])
}

/** Evicts it as a drain of its node does: a disruption budget may refuse that for a while. @throws Error if it does so for a minute */
export async function evict(kubectl: Kubectl, pod: ServicePod): Promise<void> {
  for (let tries = 0; ; tries++) {
    const refusal = requestEviction(kubectl, pod)
    if (refusal === undefined) return
    if (tries === 60) throw new Error(`${pod.name} cannot be evicted: ${refusal}`)
    await sleep(1_000)
  }
}

/** Whether it could be evicted now; it is not. */
export function mayBeEvicted(kubectl: Kubectl, pod: ServicePod): boolean {
  return requestEviction(kubectl, pod, { dryRun: ['All'] }) === undefined
}

/** @returns why a disruption budget refuses it, nothing if none does. @throws Error for any other reason */
function requestEviction(
  kubectl: Kubectl,
  { name }: ServicePod,
  deleteOptions?: { readonly dryRun: readonly string[] },
): string | undefined {
  const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace: 'ducklake' }, deleteOptions }
  const words = ['create', '--raw', `/api/v1/namespaces/ducklake/pods/${name}/eviction`, '--filename', '-']
  const { status, stderr } = kubectl.try(words, JSON.stringify(eviction))
  if (status === 0) return undefined
  if (!/disruption budget|TooManyRequests/.test(stderr)) throw new Error(`${name} cannot be evicted: ${stderr.trim()}`)
  return stderr.trim()
}
