import { fields, list } from '../../../constructs/manifest.ts'
import type { Kubectl } from './kubectl.ts'

/** What a cluster writes by itself all the time. */
const restless = /^(events|leases|endpoints|endpointslices|pods)\b/

/** Makes Jobs by the clock. */
const byClock = new Set(['CronJob', 'Job'])

/** All that these namespaces have, by kind and name, each as text without what the cluster notes of its state: two texts that are equal are of an
 * object that was not touched. Secrets, volumes and ReplicaSets are among them; pods too are, as their ReplicaSet or StatefulSet would change. */
export function objectsOf(kubectl: Kubectl, namespaces: readonly string[]): ReadonlyMap<string, string> {
  const kinds = kubectl
    .run(['api-resources', '--namespaced', '--verbs=list,watch', '--output=name'])
    .split('\n')
    .filter(kind => kind !== '' && !restless.test(kind))
  const items = namespaces.flatMap(namespace => kubectl.items([kinds.join(','), '--namespace', namespace]))
  return new Map(items.filter(item => !ownedByClock(item)).map(item => [nameOf(item), textOf(item)]))
}

export function nameOf({ kind, metadata }: Readonly<Record<string, unknown>>): string {
  const { namespace, name } = fields(metadata)
  return `${kind} ${namespace ?? ''}/${name}`
}

/** The object without its state, its version and who wrote which field when. */
export function textOf({ status: _, metadata, ...object }: Readonly<Record<string, unknown>>): string {
  const { resourceVersion: _version, managedFields: _fields, ...identity } = fields(metadata)
  return JSON.stringify({ metadata: identity, ...object })
}

function ownedByClock({ metadata }: Readonly<Record<string, unknown>>): boolean {
  return list(fields(metadata).ownerReferences).some(owner => byClock.has(String(fields(owner).kind)))
}
