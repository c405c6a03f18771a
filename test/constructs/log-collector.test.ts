import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { alloyConfig } from '../../constructs/alloy-config.ts'
import { LakeApp } from '../../constructs/lake-app.ts'
import { LogCollector, type LogCollectorProps } from '../../constructs/log-collector.ts'
import { collectorPipeline } from '../../constructs/log-pipelines.ts'
import { relabelRules } from '../../constructs/log-targets.ts'
import { fields } from '../../constructs/manifest.ts'
import { expandable, nodeName, promtailConfig } from '../../constructs/promtail.ts'
import type { PromtailConfig } from '../../constructs/promtail-config.ts'
import { at, manifestsOf } from './synth.ts'

const pushUrl = 'http://loki.logging.svc.cluster.local:3100/loki/api/v1/push'
const least: LogCollectorProps = {
  program: 'promtail',
  stages: collectorPipeline(),
  pushUrl,
  loki: { namespace: 'logging', podLabels: { app: 'loki' } },
  scrapers: [],
}

function render(props: Partial<LogCollectorProps> = {}) {
  const app = new LakeApp('test')
  new LogCollector(app, { ...least, ...props })
  const manifests = manifestsOf(app.render())
  const readers = manifests.get('DaemonSet log-collector')
  return { manifests, pod: fields(at(readers, 'spec.template.spec')), texts: fields(manifests.get('ConfigMap log-collector')?.data) }
}

describe.each(['promtail', 'alloy'] as const)('%s', program => {
  const { manifests, pod } = render({ program, scrapers: [{ namespace: 'watch' }] })

  it('reads the pods of its node, and nothing else of the cluster', () => {
    const role = manifests.get('ClusterRole log-collector')
    expect(role?.rules).toEqual([{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] }])
    expect(role?.metadata.namespace).toBeUndefined()
    expect(manifests.get('ClusterRoleBinding log-collector')?.metadata.namespace).toBeUndefined()
    expect(at(pod, 'containers.0.env.0')).toEqual({ name: 'HOSTNAME', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } })
  })

  it('is root, can only read the logs, and has no right of root', () => {
    expect(pod.securityContext).toEqual({ runAsUser: 0, runAsGroup: 0, seccompProfile: { type: 'RuntimeDefault' } })
    expect(at(pod, 'containers.0.securityContext')).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    })
    expect(pod.volumes).toContainEqual({ name: 'logs-0', hostPath: { path: '/var/log/pods', type: 'Directory' } })
    expect(at(pod, 'containers.0.volumeMounts')).toContainEqual({ name: 'logs-0', mountPath: '/var/log/pods', readOnly: true })
    expect(fields(manifests.get('Namespace log-collector')?.metadata.annotations)).toMatchObject({
      'ducklake-platform/pod-security': 'The log files of all pods are on the node and belong to root.',
    })
  })

  it('runs on the nodes of the control plane too', () => {
    expect(pod.tolerations).toEqual([{ key: 'node-role.kubernetes.io/control-plane', operator: 'Exists', effect: 'NoSchedule' }])
  })

  it('notes on the node how far it has read, where a restart of the node leaves it', () => {
    const state = `/var/lib/${program}`
    expect(pod.volumes).toContainEqual({ name: 'state', hostPath: { path: state, type: 'DirectoryOrCreate' } })
    expect(at(pod, 'containers.0.volumeMounts')).toContainEqual({ name: 'state', mountPath: state })
  })

  it('reaches Loki, the API server and names, and is reached by whoever reads its metrics', () => {
    expect(at(manifests.get('NetworkPolicy log-collector'), 'spec')).toMatchObject({
      egress: [
        { to: [{ podSelector: { matchLabels: { app: 'loki' } } }], ports: [{ port: 3100 }] },
        { ports: [{ port: 443 }, { port: 6443 }] },
        {},
      ],
      ingress: [{ from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'watch' } } }] }],
    })
  })
})

describe('Promtail', () => {
  const { pod, texts } = render()
  const config: PromtailConfig = parse(String(texts['promtail.yaml']))

  it('fits its limits and keeps sending until Loki is back', () => {
    expect(at(pod, 'containers.0.resources.limits')).toMatchObject({ memory: '128Mi', cpu: '100m' })
    expect(config.clients).toEqual([{ url: pushUrl, backoff_config: { min_period: '500ms', max_period: '30s', max_retries: 0 } }])
    expect(config.positions).toEqual({ filename: '/var/lib/promtail/positions.yaml', sync_period: '1s' })
  })

  it('reads its configuration as it was meant, after Promtail has expanded it', () => {
    const expanded = String(texts['promtail.yaml']).replaceAll(nodeName, 'node-1').replaceAll('\\\\', '\\')
    expect(parse(expanded)).toEqual(JSON.parse(JSON.stringify(promtailConfig(pushUrl, collectorPipeline())).replace(nodeName, 'node-1')))
  })

  it('refuses what it would not read as it was meant', () => {
    const group = nodeName.replace('HOSTNAME', '1')
    expect(() => expandable(`replacement: ${group}`)).toThrow(`Promtail would change this line before it reads it: replacement: ${group}.`)
    expect(() => expandable('a: 1\nselector: "[\\\\d]"')).toThrow('Promtail would change this line before it reads it: selector:')
    expect(expandable('replacement: $1\nregex: \\d')).toBe('replacement: $1\nregex: \\d')
  })

  it('is refused with stages that Promtail would do wrongly', () => {
    expect(() => render({ stages: [{ stage: 'labels', names: ['request_id'] }] })).toThrow(/^test\/log-collector: "request_id" is no label/)
    // @ts-expect-error: nor does it compile.
    expect(() => render({ stages: [{ stage: 'crii' }] })).toThrow('test/log-collector: {"stage":"crii"} is no stage: ')
  })
})

describe('the labels that a line has before it is read', () => {
  /** Relabels as both programs do. */
  function labelsOf(pod: Readonly<Record<string, string>>): Record<string, string> {
    const labels: Record<string, string> = {}
    for (const { from, separator = ';', regex = '(.*)', replacement = '$1', to } of relabelRules) {
      const value = from.map(name => pod[name.replace('__meta_kubernetes_', '')] ?? '').join(separator)
      const match = new RegExp(`^(?:${regex})$`, 's').exec(value)
      if (match) labels[to] = replacement.replaceAll('$1', match[1] ?? '')
    }
    return labels
  }
  const pod = { namespace: 'ducklake', pod_name: 'web-1', pod_container_name: 'web', pod_uid: 'u-1', pod_node_name: 'node-1' }

  it('say whose it is, by the name that the pod gives itself', () => {
    expect(labelsOf({ ...pod, pod_label_app_kubernetes_io_name: 'ducklake-service' })).toEqual({
      __host__: 'node-1',
      __path__: '/var/log/pods/*u-1/web/*.log',
      namespace: 'ducklake',
      pod: 'web-1',
      container: 'web',
      app: 'ducklake-service',
      service: 'ducklake-service',
      job: 'ducklake/ducklake-service',
    })
  })

  it('or by its container', () => {
    expect(labelsOf(pod)).toMatchObject({ app: 'web', service: 'web', job: 'ducklake/web' })
  })

  it('and the path of the kubelet’s own pods is by their hash', () => {
    const ofKubelet = { pod_annotationpresent_kubernetes_io_config_hash: 'true', pod_annotation_kubernetes_io_config_hash: 'abc' }
    expect(labelsOf({ ...pod, ...ofKubelet }).__path__).toBe('/var/log/pods/*abc/web/*.log')
  })
})

describe('Alloy', () => {
  const text = alloyConfig(pushUrl, collectorPipeline())
  it('passes lines from component to component, each of which is there', () => {
    const made = [...text.matchAll(/^([a-z.]+[a-z_]*) "(\w+)" \{$/gm)].map(([, kind, label]) => `${kind}.${label}`)
    expect(made).toEqual([
      'discovery.kubernetes.pods',
      'discovery.relabel.pods',
      'local.file_match.pods',
      'loki.source.file.pods',
      'loki.process.pods',
      'loki.write.loki',
    ])
    const used = [...text.matchAll(/= \[?((?:discovery|local|loki)[a-z._]+)\.(?:targets|output|receiver)/g)].map(
      ([, component]) => component,
    )
    expect(used).toEqual(
      made
        .filter(component => component !== 'loki.write.loki' && component !== 'loki.process.pods')
        .flatMap(one => (one === 'loki.source.file.pods' ? ['loki.process.pods', 'loki.write.loki'] : [one])),
    )
  })

  it('has the relabelling, the stages and the patience of Promtail', () => {
    expect(text.match(/^ {2}rule \{$/gm)).toHaveLength(relabelRules.length - 1)
    expect(text).toContain('    replacement = "/var/log/pods/*$1/*.log"\n')
    expect(text.match(/^ {2}stage\./gm)).toHaveLength(collectorPipeline().length)
    expect(text).toContain('max_backoff_retries = 0\n')
  })

  it('opens and closes each block', () => {
    let depth = 0
    for (const line of text.split('\n')) {
      const closing = line.trim() === '}' || line.trim() === '' ? 1 : 0
      if (line.trim() === '}') depth -= 1
      if (line.trim()) expect(line).toMatch(new RegExp(`^${' '.repeat(depth * 2)}\\S`))
      if (!closing && line.endsWith('{')) depth += 1
    }
    expect(depth).toBe(0)
  })
})
