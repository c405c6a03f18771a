import { parseAllDocuments } from 'yaml'
import { fields, text } from '../../../constructs/manifest.ts'

/** Objects of a text by `Kind namespace/name`, those without a namespace in the one that they are applied to. */
export function objectsOf(manifests: string, namespace: string): Map<string, unknown> {
  const objects = parseAllDocuments(manifests, { version: '1.1' }).map(document => document.toJS())
  return new Map(objects.filter(Boolean).map(object => named(object, namespace)))
}

/** The same with an object that Argo CD made: without the annotation by which it knows its own. */
export function named(object: unknown, namespace: string): [string, unknown] {
  const { metadata, ...others } = fields(object)
  const { annotations, ...rest } = fields(metadata)
  const { 'argocd.argoproj.io/tracking-id': _, ...own } = fields(annotations)
  const place = clusterWide.has(text(others.kind) ?? '') ? undefined : (text(rest.namespace) ?? namespace)
  const name = `${others.kind} ${place ? `${place}/` : ''}${rest.name}`
  return [name, { ...others, metadata: { ...rest, namespace: place, ...(Object.keys(own).length > 0 && { annotations: own }) } }]
}

const clusterWide = new Set(['Namespace', 'ClusterRole', 'ClusterRoleBinding'])
