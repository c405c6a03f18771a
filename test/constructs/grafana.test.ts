import { Size } from 'cdk8s'
import { describe, expect, it } from 'vitest'
import { External } from '../../constructs/external.ts'
import { Grafana, type GrafanaProps } from '../../constructs/grafana.ts'
import { labels, selectorLabels } from '../../constructs/labels.ts'
import { LakeApp } from '../../constructs/lake-app.ts'
import { ManifestFile } from '../../constructs/manifest-file.ts'
import { everyLoggingProp } from './every-logging-prop.ts'
import { at, manifestsOf, valuesOf } from './synth.ts'

function render(props: GrafanaProps = {}) {
  const app = new LakeApp('test')
  const namespace = app.namespaces.add('logging')
  const file = new ManifestFile(app, 'logging', { namespace })
  new External(file, 'loki', { kind: 'Pod', namespace, labels: labels('loki'), madeBy: 'a test' })
  new Grafana(file, namespace, { ...props, secrets: 'kubectl', loki: { podLabels: selectorLabels('loki'), port: 3100 } })
  return app.render()
}

describe('Grafana by its chart', () => {
  const files = render()
  const values = valuesOf(files, 'grafana')
  it('finds the dashboards by their labels, and may read nothing but ConfigMaps', () => {
    expect(values).toMatchObject({
      sidecar: {
        dashboards: { enabled: true, label: 'grafana_dashboard', labelValue: '1', resource: 'configmap' },
        datasources: { enabled: true, label: 'grafana_datasource', labelValue: '1', resource: 'configmap' },
      },
      rbac: { namespaced: true, useExistingRole: 'grafana-config-maps' },
    })
    expect(at(manifestsOf(files).get('Role grafana-config-maps'), 'rules')).toEqual([
      { apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'list', 'watch'] },
    ])
  })

  it('has a password that nobody wrote down, and images of one version', () => {
    expect(values).toMatchObject({
      admin: { existingSecret: 'grafana-admin', userKey: 'admin-user', passwordKey: 'admin-password' },
      image: { registry: 'docker.io', repository: 'grafana/grafana', tag: '13.2.0' },
      sidecar: { image: { registry: 'quay.io', repository: 'kiwigrid/k8s-sidecar', tag: '2.10.1' } },
    })
  })

  it('runs as Pod Security’s level restricted wants it, without the chart’s container of root', () => {
    expect(values).toMatchObject({
      securityContext: { runAsNonRoot: true, runAsUser: 472, fsGroup: 472, seccompProfile: { type: 'RuntimeDefault' } },
      containerSecurityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
      initChownData: { enabled: false },
      testFramework: { enabled: false },
      persistence: { enabled: false },
    })
  })

  it('is reached by nobody, and reaches Loki, the API server and names', () => {
    const spec = at(manifestsOf(files).get('NetworkPolicy grafana'), 'spec')
    expect(spec).toMatchObject({
      policyTypes: ['Ingress', 'Egress'],
      egress: [
        { to: [{ podSelector: { matchLabels: { 'app.kubernetes.io/name': 'loki' } } }], ports: [{ port: 3100 }] },
        { ports: [{ port: 443 }, { port: 6443 }] },
        { ports: [{ port: 53 }, { port: 53 }] },
      ],
    })
    expect(spec).not.toHaveProperty('ingress')
  })

  it('takes each prop', () => {
    const all = render(everyLoggingProp.grafana)
    expect(valuesOf(all, 'grafana')).toMatchObject({
      persistence: { enabled: true, size: '2Gi', storageClassName: 'fast' },
      resources: { limits: { memory: '768Mi' } },
    })
    expect(at(manifestsOf(all).get('NetworkPolicy grafana'), 'spec.ingress.0.from.0.namespaceSelector.matchLabels')).toEqual({
      'kubernetes.io/metadata.name': 'ingress-nginx',
    })
  })

  it('is not written with less memory than it starts with', () => {
    expect(() => render({ memory: Size.mebibytes(128) })).toThrow(
      'test/logging/grafana: memory is 128Mi, Grafana starts with 256 MiB or more.',
    )
  })
})
