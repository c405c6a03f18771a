import type { Rule, Tree } from '../checks.ts'
import { External } from '../external.ts'
import { fields, list, text } from '../manifest.ts'
import { knownPods, type Labels, matches } from './known-pods.ts'
import { containersOf, type PodTemplate, podTemplateOf } from './pod-spec.ts'

export const selectorsMatch: Rule = {
  name: 'selectors-match',
  fix: 'Use the pod’s own selectorLabels(), or declare the pods with External if a chart or an operator makes them.',
  *find(tree) {
    const pods = knownPods(tree)
    for (const { construct, manifest } of tree.objects) {
      const selector = selectorOf(manifest.kind, fields(manifest.spec))
      if (!selector || Object.keys(selector).length === 0) continue
      const own = ['Deployment', 'StatefulSet', 'DaemonSet'].includes(manifest.kind) ? podTemplateOf(manifest) : undefined
      const namespace = manifest.metadata.namespace ?? 'default'
      const candidates = own ? [own.labels] : pods.filter(pod => pod.namespace === namespace).map(({ labels }) => labels)
      if (candidates.some(labels => matches(selector, labels))) continue
      const wanted = Object.entries(selector).map(([key, value]) => `${key}=${value}`)
      yield {
        where: construct,
        what: `${manifest.kind} ${manifest.metadata.name} selects ${wanted.join(', ')}, which no pod of its namespace has`,
      }
    }
  },
}

export const referencesExist: Rule = {
  name: 'references-exist',
  fix: 'Make it in the same namespace, or declare it with External (a GeneratedSecret does).',
  *find(tree) {
    const existing = new Set([
      ...tree.objects.map(({ manifest }) => `${manifest.kind}/${manifest.metadata.namespace}/${manifest.metadata.name}`),
      ...externals(tree).map(({ props }) => `${props.kind}/${props.namespace}/${props.name}`),
    ])
    for (const { construct, manifest } of tree.objects) {
      const pod = podTemplateOf(manifest)
      for (const [kind, name] of pod ? referencesOf(pod) : []) {
        if (existing.has(`${kind}/${manifest.metadata.namespace}/${name}`)) continue
        yield { where: construct, what: `${manifest.kind} ${manifest.metadata.name} needs the ${kind} ${name}, which nobody makes` }
      }
    }
  },
}

function externals({ constructs }: Tree): External[] {
  return constructs.filter(construct => construct instanceof External)
}

function selectorOf(kind: string, spec: Labels): Labels | undefined {
  if (kind === 'Service') return fields(spec.selector)
  if (kind === 'NetworkPolicy') return fields(fields(spec.podSelector).matchLabels)
  if (['PodDisruptionBudget', 'Deployment', 'StatefulSet', 'DaemonSet'].includes(kind)) return fields(fields(spec.selector).matchLabels)
  return undefined
}

type Reference = readonly [kind: 'Secret' | 'ConfigMap' | 'ServiceAccount', name: string]

function referencesOf(pod: PodTemplate): Reference[] {
  const volumes = list(pod.spec.volumes).map(fields)
  const sources = volumes.flatMap(volume => [volume, ...list(fields(volume.projected).sources).map(fields)])
  const variables = containersOf(pod).flatMap(container => [
    ...list(container.fields.env).map(variable => fields(fields(variable).valueFrom)),
    ...list(container.fields.envFrom).map(fields),
  ])
  const account = text(pod.spec.serviceAccountName)
  return [
    ...sources.flatMap(source => [...reference('Secret', source.secret), ...reference('ConfigMap', source.configMap)]),
    ...variables.flatMap(from => [
      ...reference('Secret', from.secretKeyRef ?? from.secretRef),
      ...reference('ConfigMap', from.configMapKeyRef ?? from.configMapRef),
    ]),
    ...list(pod.spec.imagePullSecrets).flatMap(secret => reference('Secret', secret)),
    ...(account && account !== 'default' ? reference('ServiceAccount', { name: account }) : []),
  ]
}

/** Volumes say `secretName`, everything else says `name`; what is optional need not exist. */
function reference(kind: Reference[0], value: unknown): Reference[] {
  const { name, secretName, optional } = fields(value)
  const named = text(secretName) ?? text(name)
  return named && optional !== true ? [[kind, named]] : []
}
