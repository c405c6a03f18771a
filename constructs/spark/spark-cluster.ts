import { Construct } from 'constructs'
import { SparkCluster as SparkClusterResource } from '../../imports/spark.apache.org.ts'
import { External } from '../external.ts'
import { labels } from '../labels.ts'
import { engines } from '../versions.ts'
import { clusterName, containerSecurity, folders, masterPods, ports, sparkPodSpec, workerPods } from './spark-pod.ts'
import { executorMebibytes, mebibytes, type SparkWorkers } from './spark-settings.ts'

interface SparkClusterProps {
  readonly namespace: string
  readonly image: string
  readonly workers: SparkWorkers
}

/** A master and its workers, which the operator makes, once: what is changed later it leaves as it is. Spark's own cluster, in which no pod starts another, so that none needs rights
 * in Kubernetes. */
export class SparkCluster extends Construct {
  constructor(scope: Construct, { namespace, image, workers }: SparkClusterProps) {
    super(scope, 'cluster')
    const madeBy = 'Spark’s operator'
    new External(this, 'master-pod', { kind: 'Pod', namespace, labels: masterPods, madeBy })
    new External(this, 'worker-pods', { kind: 'Pod', namespace, labels: workerPods, madeBy })
    const volumes = (work: string) => [
      { name: 'work', emptyDir: { sizeLimit: work } },
      { name: 'logs', emptyDir: { sizeLimit: '256Mi' } },
      { name: 'tmp', emptyDir: { sizeLimit: '256Mi' } },
    ]
    const volumeMounts = [
      { name: 'work', mountPath: folders.work },
      { name: 'logs', mountPath: folders.logs },
      { name: 'tmp', mountPath: folders.tmp },
    ]
    const scratch = workers.scratch.asString()
    // With what it works on, logs and small things: all of it is on the node's disk.
    const disk = `${mebibytes(workers.scratch) + 5 * 1024}Mi`

    new SparkClusterResource(this, 'resource', {
      // Its definition comes with the chart, which is applied after this.
      metadata: {
        name: clusterName,
        labels: labels(clusterName),
        annotations: { 'argocd.argoproj.io/sync-options': 'SkipDryRunOnMissingResource=true' },
      },
      spec: {
        runtimeVersions: { sparkVersion: engines.spark.version },
        sparkConf: {
          'spark.kubernetes.container.image': image,
          'spark.master.rest.enabled': 'false',
          'spark.worker.cleanup.enabled': 'true',
          // A master says its pod's name, which is no name of the network: workers would not find it again once it was started anew.
          'spark.worker.preferConfiguredMasterAddress': 'true',
          // What executors log stays below the size of its volume: their one application has no end.
          'spark.executor.logs.rolling.strategy': 'size',
          'spark.executor.logs.rolling.maxSize': `${16 * 1_048_576}`,
          'spark.executor.logs.rolling.maxRetainedFiles': '4',
        },
        // The same number three times: no autoscaler, whose pods would come after the question.
        clusterTolerations: { instanceConfig: { initWorkers: workers.count, minWorkers: workers.count, maxWorkers: workers.count } },
        masterSpec: {
          statefulSetSpec: {
            template: {
              metadata: { labels: labels('spark-master') },
              spec: {
                ...sparkPodSpec,
                containers: [
                  {
                    name: 'master',
                    imagePullPolicy: 'IfNotPresent',
                    env: [{ name: 'SPARK_DAEMON_MEMORY', value: '512m' }],
                    resources: {
                      requests: { cpu: '100m', memory: '1Gi', 'ephemeral-storage': '64Mi' },
                      limits: { cpu: '1', memory: '1Gi', 'ephemeral-storage': '1Gi' },
                    },
                    securityContext: containerSecurity,
                    volumeMounts,
                  },
                ],
                volumes: volumes('256Mi'),
              },
            },
          },
        },
        workerSpec: {
          statefulSetSpec: {
            template: {
              metadata: { labels: labels('spark-worker') },
              spec: {
                ...sparkPodSpec,
                // One that fills its node's disk and memory is enough.
                topologySpreadConstraints: [
                  {
                    maxSkew: 1,
                    topologyKey: 'kubernetes.io/hostname',
                    whenUnsatisfiable: 'ScheduleAnyway',
                    labelSelector: { matchLabels: workerPods },
                  },
                ],
                containers: [
                  {
                    name: 'worker',
                    imagePullPolicy: 'IfNotPresent',
                    env: [
                      // Left alone, a worker offers all cores and all memory of its node, and is killed at the pod's limit.
                      { name: 'SPARK_WORKER_CORES', value: `${workers.cores}` },
                      { name: 'SPARK_WORKER_MEMORY', value: `${executorMebibytes(workers)}m` },
                      { name: 'SPARK_WORKER_PORT', value: `${ports.peer}` },
                      { name: 'SPARK_DAEMON_MEMORY', value: '512m' },
                      { name: 'SPARK_LOCAL_DIRS', value: folders.scratch },
                    ],
                    resources: {
                      requests: { cpu: `${workers.cores}`, memory: workers.memory.asString(), 'ephemeral-storage': disk },
                      limits: { cpu: `${workers.cores}`, memory: workers.memory.asString(), 'ephemeral-storage': disk },
                    },
                    securityContext: containerSecurity,
                    volumeMounts: [...volumeMounts, { name: 'scratch', mountPath: folders.scratch }],
                  },
                ],
                volumes: [...volumes('4Gi'), { name: 'scratch', emptyDir: { sizeLimit: scratch } }],
              },
            },
          },
        },
      },
    })
  }
}
