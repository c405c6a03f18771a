import { ApiObject } from 'cdk8s'
import { describe, expect, it } from 'vitest'
import { rules } from '../../constructs/checks.ts'
import { External } from '../../constructs/external.ts'
import { HelmValues } from '../../constructs/helm-values.ts'
import { labels } from '../../constructs/labels.ts'
import { LakeApp } from '../../constructs/lake-app.ts'
import { ManifestFile } from '../../constructs/manifest-file.ts'

const metadata = { name: 'web', labels: labels('web') }
const probe = { httpGet: { path: '/', port: 80 } }
const container = {
  name: 'web',
  image: 'web:1.2',
  resources: { requests: { cpu: '1m', memory: '1Mi' }, limits: { memory: '1Mi' } },
  securityContext: {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    runAsNonRoot: true,
    seccompProfile: { type: 'RuntimeDefault' },
  },
  readinessProbe: probe,
  livenessProbe: probe,
}
const pod = { containers: [container] }

function deployment(podSpec: object, { selector = { app: 'web' }, podLabels = { app: 'web' } } = {}) {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata,
    spec: { selector: { matchLabels: selector }, template: { metadata: { labels: podLabels }, spec: podSpec } },
  }
}

/** Renders one file with these objects in a namespace that enforces `restricted`, and gives back the refusal. */
function refusal(...objects: (ConstructorParameters<typeof ApiObject>[2] | ((file: ManifestFile) => void))[]): string {
  const app = new LakeApp('test')
  const file = new ManifestFile(app, 'file', { namespace: app.namespaces.add('apps') })
  for (const [index, object] of objects.entries()) {
    if (typeof object === 'function') object(file)
    else new ApiObject(file, `object-${index}`, object)
  }
  try {
    app.render()
    return ''
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

it('a pod that keeps every rule passes', () => {
  expect(refusal(deployment(pod))).toBe('')
})

describe('each rule finds the manifest that breaks it', () => {
  const values = (entries: object) => (file: ManifestFile) => {
    const chart = { name: 'chart', version: { version: '1', source: 'https://charts.example' }, keys: 'free' } as const
    new HelmValues(file, 'values', { chart, release: 'web', namespace: 'apps', values: JSON.parse(JSON.stringify(entries)) })
  }
  const config = { apiVersion: 'v1', kind: 'ConfigMap', metadata }
  const job = { apiVersion: 'batch/v1', kind: 'Job', metadata, spec: { template: { spec: pod } } }
  const withPod = (changes: object) => deployment({ ...pod, ...changes })
  const withContainer = (changes: object) => deployment({ containers: [{ ...container, ...changes }] })

  const namespace = (name: string, level: string, annotations = {}) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: { ...labels(name), 'pod-security.kubernetes.io/enforce': level }, annotations },
  })
  /** What the exception is for, and more. */
  const collector = (more: object) => {
    const securityContext = { ...container.securityContext, runAsNonRoot: false, runAsUser: 0, ...more }
    const volumes = [{ name: 'logs', hostPath: { path: '/var/log/pods' } }]
    return {
      ...deployment({ volumes, containers: [{ ...container, securityContext }] }),
      metadata: { ...metadata, namespace: 'log-collector' },
    }
  }

  const named = (name: string) => ({ 'app.kubernetes.io/name': name })
  const pair = () =>
    ['web', 'api'].map(name => ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, labels: labels(name) },
      spec: { selector: { matchLabels: named(name) }, template: { metadata: { labels: named(name) }, spec: pod } },
    }))
  const policy = (name: string, spec: object) => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, labels: labels(name) },
    spec: { podSelector: { matchLabels: named(name) }, ...spec },
  })
  const edge = (side: 'to' | 'from', name: string, port: number) => ({
    [side]: [{ podSelector: { matchLabels: named(name) } }],
    ports: [{ protocol: 'TCP', port }],
  })

  const cases: readonly (readonly [rule: string, sentence: string, ...objects: Parameters<typeof refusal>])[] = [
    [
      'unique-objects',
      'test/file/object-1: ConfigMap web in namespace apps is made by test/file/object-0 too. Rename or remove one of them',
      config,
      config,
    ],
    [
      'unique-paths',
      'dist/…/file.k8s.yaml is written by test/file too',
      file => new ManifestFile(file.node.scope ?? file, 'other', { file: 'file' }),
    ],
    [
      'unique-paths',
      'helm-values/…/web-values.yaml is written by test/file/values too',
      values({}),
      file => values({})(new ManifestFile(file.node.scope ?? file, 'other')),
    ],
    [
      'required-labels',
      'ConfigMap web lacks app.kubernetes.io/instance, app.kubernetes.io/part-of',
      { ...config, metadata: { name: 'web', labels: { 'app.kubernetes.io/name': 'web' } } },
    ],
    ['exact-images', 'image "web" of Deployment web has no tag', withContainer({ image: 'web' })],
    ['exact-images', 'image "host:5000/web" of Deployment web has no tag', withContainer({ image: 'host:5000/web' })],
    ['exact-images', 'image "web:latest" of Deployment web floats', withContainer({ image: 'web:latest' })],
    ['exact-images', 'image "web:" in web-values.yaml has no tag', values({ image: { repository: 'web' } })],
    [
      'no-secret-literals',
      'Secret web carries the text of password',
      { apiVersion: 'v1', kind: 'Secret', metadata, stringData: { password: 'p' } },
    ],
    [
      'no-secret-literals',
      'S3_SECRET_KEY of container web has its value in the manifest',
      withContainer({ env: [{ name: 'S3_SECRET_KEY', value: 'k' }] }),
    ],
    ['no-secret-literals', 'users.0.secretKey in web-values.yaml is a credential in plain text', values({ users: [{ secretKey: 'k' }] })],
    [
      'resources-set',
      'container web lacks resources.requests.cpu, resources.limits.memory',
      withContainer({ resources: { requests: { memory: '1Mi' } } }),
    ],
    [
      'pod-security-restricted',
      'container web: allowPrivilegeEscalation is not false',
      withContainer({ securityContext: { ...container.securityContext, allowPrivilegeEscalation: true } }),
    ],
    [
      'pod-security-restricted',
      'container web: capabilities.drop lacks ALL',
      withContainer({ securityContext: { ...container.securityContext, capabilities: {} } }),
    ],
    [
      'pod-security-restricted',
      'container web: runAsNonRoot is not true',
      withContainer({ securityContext: { ...container.securityContext, runAsNonRoot: undefined } }),
    ],
    [
      'pod-security-restricted',
      'container web: seccompProfile.type is neither',
      withContainer({ securityContext: { ...container.securityContext, seccompProfile: undefined } }),
    ],
    ['pod-security-restricted', 'the pod sets hostNetwork', withPod({ hostNetwork: true })],
    [
      'pod-security-restricted',
      'volume logs is of a kind that is not allowed',
      withPod({ volumes: [{ name: 'logs', hostPath: { path: '/var/log' } }] }),
    ],
    ['restricted-namespaces', 'Namespace open enforces the level baseline of Pod Security', namespace('open', 'baseline')],
    [
      'restricted-namespaces',
      // Without the reason not even this one.
      'Namespace log-collector enforces the level privileged of Pod Security',
      namespace('log-collector', 'privileged'),
    ],
    [
      'pod-security-restricted',
      'container web: privileged is true',
      namespace('log-collector', 'privileged', { 'ducklake-platform/pod-security': 'It reads files of the node.' }),
      collector({ privileged: true }),
    ],
    ['probes-present', 'container web has no livenessProbe', withContainer({ livenessProbe: undefined })],
    [
      'selectors-match',
      'Deployment web selects app=web, which no pod of its namespace has',
      deployment(pod, { podLabels: { app: 'other' } }),
    ],
    [
      'selectors-match',
      'Service web selects app=api, which no pod of its namespace has',
      deployment(pod),
      { apiVersion: 'v1', kind: 'Service', metadata, spec: { selector: { app: 'api' } } },
    ],
    [
      'selectors-match',
      'NetworkPolicy web selects app=api',
      { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata, spec: { podSelector: { matchLabels: { app: 'api' } } } },
    ],
    [
      'references-exist',
      'Deployment web needs the Secret keys, which nobody makes',
      withContainer({ env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'keys', key: 'a' } } }] }),
    ],
    [
      'references-exist',
      'Deployment web needs the ConfigMap settings',
      withPod({ volumes: [{ name: 'settings', configMap: { name: 'settings' } }] }),
    ],
    ['references-exist', 'Deployment web needs the ServiceAccount web', withPod({ serviceAccountName: 'web' })],
    [
      'references-exist',
      'Deployment web needs the Secret tls',
      withPod({ volumes: [{ name: 'all', projected: { sources: [{ secret: { name: 'tls' } }] } }] }),
    ],
    [
      'network-edges-meet',
      'NetworkPolicy web lets out to api in apps by TCP 80, whose own policies do not.',
      ...pair(),
      policy('web', { policyTypes: ['Egress'], egress: [edge('to', 'api', 80)] }),
      policy('api', { policyTypes: ['Ingress'] }),
    ],
    [
      'network-edges-meet',
      'NetworkPolicy api lets in web in apps by TCP 80, whose own policies do not.',
      ...pair(),
      policy('web', { policyTypes: ['Egress'] }),
      policy('api', { policyTypes: ['Ingress'], ingress: [edge('from', 'web', 80)] }),
    ],
    [
      'no-empty-lists',
      'spec.ingress of NetworkPolicy web is an empty list',
      { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata, spec: { podSelector: {}, ingress: [] } },
    ],
  ]

  it.each(cases.map(([rule, sentence, ...objects]) => ({ rule, sentence, objects })))('$rule: $sentence', ({ rule, sentence, objects }) => {
    const found = refusal(...objects)
    expect(found).toContain(sentence)
    expect(found).toContain(`[${rule}]`)
    expect(found.split('\n')).toHaveLength(1)
  })

  it('and no rule is without such a manifest', () => {
    expect([...new Set(cases.map(([rule]) => rule))].sort()).toEqual(rules.map(rule => rule.name).sort())
  })

  it('but an edge that is open at both ends, or to who has no policy, is none', () => {
    const out = policy('web', { policyTypes: ['Egress'], egress: [edge('to', 'api', 80)] })
    expect(refusal(...pair(), out)).toBe('')
    expect(refusal(...pair(), out, policy('api', { policyTypes: ['Ingress'], ingress: [edge('from', 'web', 80)] }))).toBe('')
  })

  it('but a Job needs no probes', () => {
    const withoutProbes = { ...container, readinessProbe: undefined, livenessProbe: undefined }
    expect(refusal({ ...job, spec: { template: { spec: { containers: [withoutProbes] } } } })).toBe('')
  })

  it('and what exists outside is no mistake', () => {
    const needsSecret = withContainer({ envFrom: [{ secretRef: { name: 'keys' } }] })
    const declared = (file: ManifestFile) =>
      void new External(file, 'keys', { kind: 'Secret', namespace: 'apps', name: 'keys', madeBy: 'hand' })
    expect(refusal(needsSecret, declared)).toBe('')
    expect(refusal(withContainer({ envFrom: [{ secretRef: { name: 'keys', optional: true } }] }))).toBe('')
  })
})
