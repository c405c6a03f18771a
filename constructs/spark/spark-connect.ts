import { k8s } from 'cdk8s-plus-28'
import { Construct } from 'constructs'
import { contentHash } from '../config-file.ts'
import { labels, selectorLabels } from '../labels.ts'
import type { ObjectStore, StoreCredentials } from '../object-store.ts'
import { quantities } from '../quantities.ts'
import { containerSecurity, folders, ports, sparkPodSpec, sparkPods } from './spark-pod.ts'
import { connectSettings, propertiesText, type SparkShare, type SparkWorkers } from './spark-settings.ts'

interface SparkConnectProps {
  readonly image: string
  readonly objectStore: ObjectStore
  readonly credentials: StoreCredentials
  readonly connect: SparkShare
  readonly workers: SparkWorkers
}

const name = 'spark-connect'

/** Whether there is an open connection (01) to the master's port, as Linux lists them. */
const hasMaster = `grep -qi ':${ports.master.toString(16)} 01 ' /proc/net/tcp /proc/net/tcp6`

/** The server that takes questions, plans them and gives them to the workers: one pod, as it holds each caller's session. */
export class SparkConnect extends Construct {
  constructor(scope: Construct, { image, objectStore, credentials, connect, workers }: SparkConnectProps) {
    super(scope, 'connect')
    const metadata = { name, labels: labels(name) }
    const defaults = propertiesText(connectSettings(objectStore, connect, workers))
    const fromSecret = ({ secret, key }: StoreCredentials['accessKey']) => ({ secretKeyRef: { name: secret, key } })
    const memory = connect.memory.asString()
    const probe = { tcpSocket: { port: k8s.IntOrString.fromString('grpc') } }

    new k8s.KubeServiceAccount(this, 'account', { metadata, automountServiceAccountToken: false })
    new k8s.KubeConfigMap(this, 'config', { metadata, data: { 'spark-defaults.conf': defaults } })
    new k8s.KubeService(this, 'service', {
      metadata,
      spec: {
        type: 'ClusterIP',
        selector: selectorLabels(name),
        ports: [{ name: 'grpc', port: ports.connect, targetPort: k8s.IntOrString.fromString('grpc') }],
      },
    })
    new k8s.KubeDeployment(this, 'deployment', {
      metadata,
      spec: {
        replicas: 1,
        revisionHistoryLimit: 4,
        selector: { matchLabels: selectorLabels(name) },
        // The old one first: it has all cores of the workers for as long as it is there.
        strategy: { type: 'Recreate' },
        template: {
          metadata: { labels: { ...labels(name), ...sparkPods }, annotations: contentHash(defaults) },
          spec: {
            ...sparkPodSpec,
            serviceAccountName: name,
            containers: [
              {
                name: 'connect',
                image,
                imagePullPolicy: 'IfNotPresent',
                command: ['/opt/spark/bin/spark-submit'],
                args: [
                  ...['--class', 'org.apache.spark.sql.connect.service.SparkConnectServer'],
                  ...['--properties-file', `${folders.config}/spark-defaults.conf`],
                  // The workers answer to the pod itself: the Service has one port, and no name for the others.
                  ...['--conf', 'spark.driver.host=$(POD_IP)'],
                ],
                env: [
                  { name: 'POD_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
                  { name: 'AWS_ACCESS_KEY_ID', valueFrom: fromSecret(credentials.accessKey) },
                  { name: 'AWS_SECRET_ACCESS_KEY', valueFrom: fromSecret(credentials.secretKey) },
                  { name: 'SPARK_LOCAL_DIRS', value: folders.scratch },
                ],
                // Where artifacts of callers are kept, below the folder it starts in.
                workingDir: folders.work,
                ports: [{ name: 'grpc', containerPort: ports.connect }],
                startupProbe: { ...probe, periodSeconds: 5, failureThreshold: 60 },
                readinessProbe: { ...probe, periodSeconds: 10 },
                // It goes on listening when the master has left it, which takes it back no more: then every question hangs.
                livenessProbe: { exec: { command: ['sh', '-c', hasMaster] }, periodSeconds: 20, timeoutSeconds: 5, failureThreshold: 6 },
                resources: {
                  requests: quantities({ cpu: `${connect.cores}`, memory, 'ephemeral-storage': '64Mi' }),
                  limits: quantities({ cpu: `${connect.cores}`, memory, 'ephemeral-storage': '5Gi' }),
                },
                securityContext: containerSecurity,
                volumeMounts: [
                  { name: 'config', mountPath: folders.config, readOnly: true },
                  ...(['work', 'scratch', 'tmp'] as const).map(name => ({ name, mountPath: folders[name] })),
                ],
              },
            ],
            volumes: [
              { name: 'config', configMap: { name } },
              ...['work', 'scratch', 'tmp'].map(name => ({ name, emptyDir: { sizeLimit: k8s.Quantity.fromString('1Gi') } })),
            ],
          },
        },
      },
    })
  }
}
