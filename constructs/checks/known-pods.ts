import type { Tree } from '../checks.ts'
import { External } from '../external.ts'
import { podTemplateOf } from './pod-spec.ts'

export type Labels = Readonly<Record<string, unknown>>

export interface KnownPod {
  readonly namespace: string
  readonly labels: Labels
}

/** Pods that a manifest makes, and those that are declared because a chart or an operator makes them. */
export function knownPods({ constructs, objects }: Tree): KnownPod[] {
  const made = objects.flatMap(({ manifest }) => {
    const pod = podTemplateOf(manifest)
    return pod ? [{ namespace: manifest.metadata.namespace ?? 'default', labels: pod.labels }] : []
  })
  const declared = constructs
    .filter(construct => construct instanceof External)
    .filter(({ props }) => props.kind === 'Pod')
    .map(({ props }) => ({ namespace: props.namespace, labels: props.labels ?? {} }))
  return [...made, ...declared]
}

export function matches(selector: Labels, labels: Labels): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value)
}
