import { Size } from 'cdk8s'
import { Cpu } from 'cdk8s-plus-28'
import { describe, expect, it } from 'vitest'
import { LakeApp } from '../../constructs/lake-app.ts'
import { Logging, type LoggingProps } from '../../constructs/logging.ts'
import { fields } from '../../constructs/manifest.ts'
import { Storage } from '../../constructs/storage.ts'
import { everyLoggingProp } from './every-logging-prop.ts'
import { at, manifestsOf, minimalStorage } from './synth.ts'

const minimal: LoggingProps = {
  loki: {
    generation: '2.9',
    memory: Size.mebibytes(256),
    cpu: Cpu.millis(200),
    store: { kind: 'volume', volume: { size: Size.gibibytes(1) } },
  },
  collector: 'promtail',
  secrets: 'kubectl',
}

function build(props: LoggingProps) {
  const app = new LakeApp('test')
  const objectStoreClients = props.loki.store.kind === 'object-store' ? [{ namespace: props.namespace ?? 'logging' }] : []
  const storage = new Storage(app, { ...minimalStorage, objectStoreClients })
  const logging = new Logging(app, { ...props, objectStore: storage.objectStore })
  const files = () => app.render().filter(({ path }) => /log|namespaces/.test(path))
  return { logging, files, manifests: () => manifestsOf(files()) }
}

describe('with the least props', () => {
  const { logging, files, manifests } = build(minimal)
  it('is one Loki, and a reader on each node, each in a namespace of its own', () => {
    expect(files().map(({ path }) => path)).toEqual([
      'dist/test/00-namespaces.k8s.yaml',
      'dist/test/logging.k8s.yaml',
      'dist/test/log-collector.k8s.yaml',
    ])
    expect([...manifests().keys()].filter(name => !name.endsWith('storage'))).toEqual([
      'ServiceAccount default',
      'Namespace logging',
      'Namespace log-collector',
      'NetworkPolicy default-deny',
      'ConfigMap loki',
      'ConfigMap loki-rules',
      'Service loki',
      'Service loki-headless',
      'StatefulSet loki',
      'NetworkPolicy loki',
      'ConfigMap grafana-ducklake-logs',
      'ConfigMap grafana-ducklake-requests',
      'ConfigMap grafana-ducklake-postgres',
      'ConfigMap grafana-ducklake-logging',
      'ConfigMap grafana-loki',
      'ServiceAccount log-collector',
      'ClusterRole log-collector',
      'ClusterRoleBinding log-collector',
      'ConfigMap log-collector',
      'DaemonSet log-collector',
      'NetworkPolicy log-collector',
    ])
  })

  it('says where lines go, and where they are asked for', () => {
    expect(logging.pushUrl).toBe('http://loki.logging.svc.cluster.local:3100/loki/api/v1/push')
    expect(logging.queryUrl).toBe('http://loki.logging.svc.cluster.local:3100')
    expect(logging.pods).toEqual({
      namespace: 'logging',
      podLabels: { 'app.kubernetes.io/name': 'loki', 'app.kubernetes.io/instance': 'loki' },
    })
  })

  it('lets Loki out to nobody, as there is nobody that it needs', () => {
    expect(at(manifests().get('NetworkPolicy loki'), 'spec.policyTypes')).toEqual(['Ingress', 'Egress'])
    expect(at(manifests().get('NetworkPolicy loki'), 'spec.egress')).toBeUndefined()
  })
})

describe('with every prop', () => {
  const manifests = build(everyLoggingProp).manifests()
  it('each reaches the manifests', () => {
    expect(manifests.get('Namespace logs')).toBeDefined()
    expect(at(manifests.get('NetworkPolicy loki'), 'spec')).toMatchObject({
      ingress: [
        {
          from: [
            { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'log-collector' } } },
            { podSelector: { matchLabels: { 'app.kubernetes.io/name': 'grafana' } } },
            { podSelector: { matchLabels: { app: 'grafana' } } },
            { podSelector: { matchLabels: { app: 'prometheus' } } },
          ],
          ports: [{ port: 3100 }],
        },
      ],
      egress: [
        { to: [{ podSelector: { matchLabels: { app: 'minio', release: 'minio' } } }], ports: [{ port: 9000 }] },
        { to: [{ podSelector: { matchLabels: { app: 'alerts' } } }], ports: [{ port: 9999 }] },
        { to: [{ podSelector: { matchLabels: { app: 'metrics' } } }], ports: [{ port: 9090 }] },
        { ports: [{ protocol: 'UDP', port: 53 }, { protocol: 'TCP' }] },
      ],
    })
    expect(JSON.stringify(manifests.get('ConfigMap loki'))).toContain('alertmanager_url: http://alerts.watch.svc:9999')
    expect(JSON.stringify(manifests.get('ConfigMap loki'))).toContain('url: http://metrics.watch.svc:9090/api/v1/write')
    const rules = at(manifests.get('ConfigMap loki-rules'), 'data')
    expect(Object.keys(fields(rules))).toEqual(['logging.yaml', 'postgres.yaml', 'recordings.yaml', 'service.yaml'])
    expect(JSON.stringify(rules)).toContain('runbook_url: https://pages.example/runbooks/postgres-panic.md')
  })

  it('the keys of the object store are copied by an account that may read this one Secret', () => {
    expect(at(manifests.get('Role logs-reads-minio-logs'), 'metadata.namespace')).toBe('storage')
    expect(at(manifests.get('Role logs-reads-minio-logs'), 'rules')).toEqual([
      { apiGroups: [''], resources: ['secrets'], resourceNames: ['minio-logs'], verbs: ['get'] },
    ])
    expect(at(manifests.get('RoleBinding logs-reads-minio-logs'), 'subjects')).toEqual([
      { kind: 'ServiceAccount', name: 'logs-reads-minio-logs', namespace: 'logs' },
    ])
    expect(at(manifests.get('SecretStore logs-reads-minio-logs'), 'spec.provider.kubernetes')).toMatchObject({
      remoteNamespace: 'storage',
      auth: { serviceAccount: { name: 'logs-reads-minio-logs' } },
    })
    expect(at(manifests.get('ExternalSecret minio-logs'), 'spec')).toMatchObject({
      secretStoreRef: { name: 'logs-reads-minio-logs' },
      target: { name: 'minio-logs' },
      data: [{ secretKey: 'accessKey', remoteRef: { key: 'minio-logs', property: 'accessKey' } }, { secretKey: 'secretKey' }],
    })
  })
})

it('needs an object store for lines that shall go to one', () => {
  const props = { ...minimal, loki: { ...minimal.loki, store: { kind: 'object-store' } as const } }
  expect(() => new Logging(new LakeApp('test'), props)).toThrow(
    "test/logging: loki.store is 'object-store' and there is none: pass objectStore, or use a volume.",
  )
})

it('sends alerts to whoever answers at the port, if no pods are named', () => {
  const policy = build({ ...minimal, alertmanager: { url: 'https://alerts.example' } })
    .manifests()
    .get('NetworkPolicy loki')
  expect(at(policy, 'spec.egress.0')).toEqual({ ports: [{ protocol: 'TCP', port: 443 }] })
})
