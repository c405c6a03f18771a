import { JsonPatch } from 'cdk8s'
import { k8s } from 'cdk8s-plus-28'
import { accept } from './accepted-findings.ts'
import { alloy } from './alloy.ts'
import { contentHash } from './config-file.ts'
import { External } from './external.ts'
import { invalid } from './invalid.ts'
import { labels, selectorLabels } from './labels.ts'
import type { LakeApp } from './lake-app.ts'
import { checkStages } from './log-pipeline/check-stages.ts'
import type { Stage } from './log-pipeline/stage.ts'
import { configFolder, type LogProgram } from './log-program.ts'
import { ManifestFile } from './manifest-file.ts'
import { collectorNamespace } from './namespaces.ts'
import { type NetworkPeer, peer, tcp, toDns } from './network-peer.ts'
import { promtail } from './promtail.ts'
import { quantities } from './quantities.ts'
import { containerSecurity } from './security-context.ts'

export interface LogCollectorProps {
  readonly program: CollectorKind
  readonly stages: readonly Stage[]
  /** Where lines go, and the pods behind it. */
  readonly pushUrl: string
  readonly loki: NetworkPeer
  /** Who may read the collector's own metrics. */
  readonly scrapers: readonly NetworkPeer[]
}

/** Promtail, which is at the end of its life and tried with everything here, or its successor Alloy, which is not. */
export type CollectorKind = 'promtail' | 'alloy'

const programs = { promtail, alloy } as const

const name = 'log-collector'

/** The one role of the platform that reaches beyond a namespace, and its binding. */
export const collectorRole = name

/** Its pods, whichever program runs in them. */
export const collectorPods: NetworkPeer = { namespace: collectorNamespace, podLabels: selectorLabels(name) }

/** One reader of log files on each node, in a namespace of its own: the files belong to root and lie on the node, which `restricted` forbids. */
export class LogCollector extends ManifestFile {
  constructor(app: LakeApp, props: LogCollectorProps) {
    const namespace = app.namespaces.add(collectorNamespace, {
      level: 'privileged',
      because: 'The log files of all pods are on the node and belong to root.',
    })
    super(app, name, { namespace })
    const [mistake] = checkStages(props.stages)
    if (mistake) throw invalid(this, mistake)
    const program = programs[props.program](props.pushUrl, props.stages)

    new k8s.KubeNetworkPolicy(this, 'default-deny', {
      metadata: { name: 'default-deny', labels: labels('default-deny') },
      spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
    })
    const account = new k8s.KubeServiceAccount(this, 'account', {
      metadata: { name, labels: labels(name) },
      automountServiceAccountToken: false,
    })
    new External(this, 'certificate', { kind: 'ConfigMap', namespace, name: clusterCertificate, madeBy: 'Kubernetes, in every namespace' })
    // Cluster-wide, as a node has pods of every namespace; of a pod it reads name, labels and node, and of nothing else anything.
    const role = new k8s.KubeClusterRole(this, 'role', {
      metadata: { name: collectorRole, labels: labels(name) },
      rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] }],
    })
    const binding = new k8s.KubeClusterRoleBinding(this, 'role-binding', {
      metadata: { name: collectorRole, labels: labels(name) },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role.name },
      subjects: [{ kind: 'ServiceAccount', name: account.name, namespace }],
    })
    // The file's namespace is stamped on every object, and these two have none.
    for (const object of [role, binding]) object.addJsonPatch(JsonPatch.remove('/metadata/namespace'))
    const { file } = program
    const config = new k8s.KubeConfigMap(this, 'config', {
      metadata: { name, labels: labels(name) },
      data: { [file.name]: file.text },
    })
    new k8s.KubeDaemonSet(this, 'readers', {
      metadata: { name, labels: labels(name), annotations: accept('container-security-context-user-group-id') },
      spec: {
        selector: { matchLabels: selectorLabels(name) },
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: k8s.IntOrString.fromString('10%') } },
        template: {
          metadata: { labels: labels(name), annotations: contentHash(file.text) },
          spec: {
            serviceAccountName: account.name,
            // Not the usual mount, which every container of the pod gets.
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            securityContext: { runAsUser: 0, runAsGroup: 0, seccompProfile: { type: 'RuntimeDefault' } },
            // The nodes of the control plane write logs too.
            tolerations: [{ key: 'node-role.kubernetes.io/control-plane', operator: 'Exists', effect: 'NoSchedule' }],
            containers: [container(program)],
            volumes: [
              { name: 'config', configMap: { name: config.name } },
              { name: 'token', projected: { sources: tokenSources } },
              { name: 'state', hostPath: { path: program.stateFolder, type: 'DirectoryOrCreate' } },
              ...program.reads.map((path, index) => ({ name: `logs-${index}`, hostPath: { path, type: 'Directory' } })),
            ],
          },
        },
      },
    })
    new k8s.KubeNetworkPolicy(this, 'network', {
      metadata: { name, labels: labels(name) },
      spec: {
        podSelector: { matchLabels: selectorLabels(name) },
        policyTypes: ['Ingress', 'Egress'],
        // Absent and not empty: the API server drops an empty list, and each apply would count as a change.
        ...(props.scrapers.length > 0 && { ingress: [{ from: props.scrapers.map(peer), ports: tcp(program.port) }] }),
        egress: [
          { to: [peer(props.loki)], ports: tcp(Number(new URL(props.pushUrl).port)) },
          // The API server, which tells the pods of the node: no selector can name its address.
          { ports: tcp(443, 6443) },
          toDns,
        ],
      },
    })
  }
}

const clusterCertificate = 'kube-root-ca.crt'

/** What a client of the API server looks for: an hour's token, whom to trust, and where it is. */
const tokenSources: k8s.VolumeProjection[] = [
  { serviceAccountToken: { path: 'token', expirationSeconds: 3600 } },
  { configMap: { name: clusterCertificate, items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
  { downwardApi: { items: [{ path: 'namespace', fieldRef: { fieldPath: 'metadata.namespace' } }] } },
]

function container(program: LogProgram): k8s.Container {
  const port = k8s.IntOrString.fromString('http')
  const { memory, cpu } = program
  return {
    name: program.name,
    image: `${program.image.source}:${program.image.version}`,
    imagePullPolicy: 'IfNotPresent',
    args: [...program.args],
    env: [
      { name: 'HOSTNAME', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
      { name: 'GOMEMLIMIT', value: `${Math.floor(memory.toMebibytes() * 0.9)}MiB` },
    ],
    ports: [{ name: 'http', containerPort: program.port }],
    readinessProbe: { httpGet: { path: program.readyPath, port }, periodSeconds: 10, timeoutSeconds: 5 },
    // Not by the same question: without a pod to read, or while the API server is away, a reader is not ready and not ill.
    livenessProbe: { tcpSocket: { port }, periodSeconds: 20, timeoutSeconds: 5, failureThreshold: 6 },
    resources: {
      requests: quantities({ cpu: cpu.amount, memory: memory.asString(), 'ephemeral-storage': '16Mi' }),
      limits: quantities({ cpu: cpu.amount, memory: memory.asString(), 'ephemeral-storage': '64Mi' }),
    },
    securityContext: containerSecurity,
    volumeMounts: [
      { name: 'config', mountPath: configFolder, readOnly: true },
      { name: 'token', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount', readOnly: true },
      { name: 'state', mountPath: program.stateFolder },
      ...program.reads.map((mountPath, index) => ({ name: `logs-${index}`, mountPath, readOnly: true })),
    ],
  }
}
