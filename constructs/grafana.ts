import { Size } from 'cdk8s'
import { k8s } from 'cdk8s-plus-28'
import { Construct } from 'constructs'
import { External } from './external.ts'
import { GeneratedSecret, type SecretMaker } from './generated-secret.ts'
import { grafanaChart } from './grafana-values.ts'
import { HelmValues } from './helm-values.ts'
import { invalid } from './invalid.ts'
import { labels, selectorLabels } from './labels.ts'
import { type NetworkPeer, neighbour, peer, tcp, toDns } from './network-peer.ts'
import { podSecurity } from './security-context.ts'
import { images } from './versions.ts'

export interface GrafanaProps {
  /** Limit of memory, without the two sidecars. At least 256 MiB.
   * @default Size.mebibytes(512) */
  readonly memory?: Size
  /** For users, preferences and what was drawn by hand. The dashboards of this repository come back by themselves.
   * @default - none: all that is gone with the pod */
  readonly volume?: { readonly size: Size; readonly storageClass?: string }
  /** Who may open it, an ingress controller for example; `kubectl port-forward` needs none.
   * @default [] */
  readonly clients?: readonly NetworkPeer[]
}

const port = 3000
const sidecarMemory = '128Mi'
/** Grafana's own user in its image. */
const user = 472

/** Grafana by its chart, beside Loki: it shows the dashboards of this repository and asks this Loki. */
export class Grafana extends Construct {
  readonly values: HelmValues
  readonly pods: NetworkPeer

  constructor(
    scope: Construct,
    namespace: string,
    props: GrafanaProps & {
      readonly secrets: SecretMaker
      readonly loki: { readonly podLabels: Record<string, string>; readonly port: number }
    },
  ) {
    super(scope, 'grafana')
    const { memory = Size.mebibytes(512), volume, clients = [] } = props
    if (memory.toMebibytes() < 256) throw invalid(this, `memory is ${memory.asString()}, Grafana starts with 256 MiB or more.`)
    const podLabels = selectorLabels('grafana')
    this.pods = { namespace, podLabels }
    const admin = new GeneratedSecret(this, 'admin', {
      name: 'grafana-admin',
      namespace,
      keys: ['admin-user', 'admin-password'],
      madeBy: props.secrets,
    })
    // The chart's own role may read every Secret of the namespace as well.
    const role = new k8s.KubeRole(this, 'role', {
      metadata: { name: 'grafana-config-maps', labels: labels('grafana-config-maps', 'grafana') },
      rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'list', 'watch'] }],
    })
    new External(this, 'server', { kind: 'Pod', namespace, labels: podLabels, madeBy: 'the chart grafana' })
    const containerSecurityContext = {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      seccompProfile: { type: 'RuntimeDefault' },
    }
    const found = (label: string) => ({ enabled: true, label, labelValue: '1', resource: 'configmap' })

    this.values = new HelmValues(this, 'values', {
      chart: grafanaChart,
      release: 'grafana',
      namespace,
      values: {
        fullnameOverride: 'grafana',
        image: { registry: 'docker.io', repository: images.grafana.source, tag: images.grafana.version, pullPolicy: 'IfNotPresent' },
        replicas: 1,
        // Two pods cannot share one volume, nor its SQLite.
        deploymentStrategy: { type: 'Recreate' },
        admin: { existingSecret: admin.name, userKey: 'admin-user', passwordKey: 'admin-password' },
        rbac: { create: true, namespaced: true, useExistingRole: role.name },
        serviceAccount: { create: true, automountServiceAccountToken: false },
        enableServiceLinks: false,
        securityContext: { ...podSecurity, runAsUser: user, runAsGroup: user, fsGroup: user },
        containerSecurityContext,
        resources: {
          requests: { cpu: '100m', memory: memory.asString(), 'ephemeral-storage': '64Mi' },
          limits: { cpu: '1', memory: memory.asString(), 'ephemeral-storage': '1Gi' },
        },
        persistence: volume
          ? {
              enabled: true,
              size: volume.size.asString(),
              accessModes: ['ReadWriteOnce'],
              // `helm uninstall` leaves it.
              annotations: { 'helm.sh/resource-policy': 'keep' },
              ...(volume.storageClass && { storageClassName: volume.storageClass }),
            }
          : { enabled: false },
        // It runs as root, and Pod Security refuses that; the kubelet gives the volume to Grafana's group.
        initChownData: { enabled: false },
        testFramework: { enabled: false },
        service: { type: 'ClusterIP', port },
        sidecar: {
          image: { registry: 'quay.io', repository: images.grafanaSidecar.source, tag: images.grafanaSidecar.version },
          resources: {
            requests: { cpu: '20m', memory: sidecarMemory, 'ephemeral-storage': '16Mi' },
            limits: { cpu: '100m', memory: sidecarMemory, 'ephemeral-storage': '128Mi' },
          },
          securityContext: containerSecurityContext,
          dashboards: found('grafana_dashboard'),
          datasources: found('grafana_datasource'),
        },
        'grafana.ini': { analytics: { check_for_updates: false, check_for_plugin_updates: false, reporting_enabled: false } },
      },
    })
    new k8s.KubeNetworkPolicy(this, 'network', {
      metadata: { name: 'grafana', labels: labels('grafana') },
      spec: {
        podSelector: { matchLabels: podLabels },
        policyTypes: ['Ingress', 'Egress'],
        ...(clients.length > 0 && { ingress: [{ from: clients.map(peer), ports: tcp(port) }] }),
        egress: [
          { to: [neighbour(props.loki.podLabels)], ports: tcp(props.loki.port) },
          // The API server, which the sidecars ask for ConfigMaps: no selector names it.
          { ports: tcp(443, 6443) },
          toDns,
        ],
      },
    })
  }
}
