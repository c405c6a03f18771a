import { Size } from 'cdk8s'
import { describe, expect, it } from 'vitest'
import { production } from '../../constructs/environments.ts'
import { LakeApp } from '../../constructs/lake-app.ts'
import { list } from '../../constructs/manifest.ts'
import { sparkPods } from '../../constructs/spark/spark-pod.ts'
import { Spark, type SparkProps } from '../../constructs/spark.ts'
import { Storage } from '../../constructs/storage.ts'
import { deployment } from '../../main.ts'
import { at, manifestsOf, minimalStorage, valuesOf } from './synth.ts'

const minimal: Omit<SparkProps, 'objectStore'> = {
  image: 'registry.example/spark:4.1.4',
  secrets: 'kubectl',
  connect: { cores: 1, memory: Size.gibibytes(2) },
  workers: { count: 2, cores: 2, memory: Size.gibibytes(4), scratch: Size.gibibytes(10) },
}
const every: Required<Omit<SparkProps, 'objectStore'>> = {
  namespace: 'joins',
  image: 'registry.example/spark:2',
  secrets: 'external-secrets',
  connect: { cores: 3, memory: Size.gibibytes(6) },
  workers: { count: 5, cores: 7, memory: Size.gibibytes(20), scratch: Size.gibibytes(70) },
  clients: [{ namespace: 'notebooks', podLabels: { app: 'jupyter' } }],
}

function build(props: Omit<SparkProps, 'objectStore'> = minimal) {
  const app = new LakeApp('test')
  const pods = { namespace: props.namespace ?? 'spark', podLabels: sparkPods }
  const { objectStore } = new Storage(app, { ...minimalStorage, secrets: props.secrets, objectStoreClients: [pods] })
  return { spark: new Spark(app, { ...props, objectStore }), files: () => app.render() }
}

describe('Spark with the least props', () => {
  const files = build().files()
  const manifests = manifestsOf(files)
  const container = at(manifests.get('Deployment spark-connect'), 'spec.template.spec.containers.0')

  it('is a chart, a cluster of the operator, a server that asks it, and their network', () => {
    expect(files.map(({ path }) => path)).toContain('helm-values/test/spark-operator-values.yaml')
    expect([...manifestsOf(files.filter(({ path }) => path === 'dist/test/spark.k8s.yaml')).keys()]).toEqual([
      'SparkCluster lake',
      'ServiceAccount spark-connect',
      'ConfigMap spark-connect',
      'Service spark-connect',
      'Deployment spark-connect',
      'NetworkPolicy default-deny',
      'NetworkPolicy spark',
      'NetworkPolicy spark-operator',
    ])
  })

  it('reaches the store, names and itself, and is asked by nobody', () => {
    const egress = list(at(manifests.get('NetworkPolicy spark'), 'spec.egress'))
    expect(egress).toMatchObject([
      { to: [{ podSelector: { matchLabels: sparkPods } }], ports: [{ port: 7077 }, { port: 7078 }, { port: 7079 }] },
      { to: [{ podSelector: { matchLabels: { app: 'minio', release: 'minio' } } }], ports: [{ port: 9000 }] },
      { to: [{ podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } } }] },
    ])
    expect(egress).toHaveLength(3)
    expect(at(manifests.get('NetworkPolicy spark'), 'spec.ingress')).toEqual([
      expect.objectContaining({ from: [{ podSelector: { matchLabels: sparkPods } }] }),
    ])
    expect(manifests.has('NetworkPolicy spark-connect')).toBe(false)
  })

  it('has the key that reads what is published, where it is asked and nowhere else', () => {
    const secret = (key: string) => ({ valueFrom: { secretKeyRef: { name: 'minio-publication-reader', key } } })
    expect(at(container, 'env')).toEqual(
      expect.arrayContaining([
        { name: 'AWS_ACCESS_KEY_ID', ...secret('accessKey') },
        { name: 'AWS_SECRET_ACCESS_KEY', ...secret('secretKey') },
      ]),
    )
    expect(JSON.stringify(manifests.get('SparkCluster lake'))).not.toMatch(/secret/i)
  })

  it.each(['masterSpec', 'workerSpec'])('has pods that the namespace’s level restricted takes: %s', role => {
    expect(manifests.get('Namespace spark')?.metadata.labels).toMatchObject({ 'pod-security.kubernetes.io/enforce': 'restricted' })
    const pod = at(manifests.get('SparkCluster lake'), `spec.${role}.statefulSetSpec.template.spec`)
    expect(pod).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 185, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [{ securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } } }],
    })
    expect(at(pod, 'containers.0.resources')).toMatchObject({
      requests: { cpu: expect.any(String), memory: expect.any(String) },
      limits: { memory: expect.any(String) },
    })
  })

  it('gives the operator rights in its own namespace alone', () => {
    expect(valuesOf(files, 'spark-operator')).toMatchObject({
      image: { repository: 'apache/spark-kubernetes-operator', tag: '1.0.0' },
      operatorRbac: {
        clusterRole: { create: false },
        clusterRoleBinding: { create: false },
        role: { create: true },
        roleBinding: { create: true },
      },
      workloadResources: { namespaces: { create: false, overrideWatchedNamespaces: true, data: ['spark'] } },
    })
  })

  it('tells the operator’s Java one option, as this chart passes several as one word', () => {
    const path = 'operatorDeployment.operatorPod.operatorContainer.jvmArgs'
    expect(at(valuesOf(files, 'spark-operator'), path)).toBe('-XX:MaxRAMPercentage=75')
  })

  it('offers of each worker what its pod has, and not what its node has', () => {
    const worker = at(manifests.get('SparkCluster lake'), 'spec.workerSpec.statefulSetSpec.template.spec.containers.0')
    expect(at(worker, 'env')).toEqual(
      expect.arrayContaining([
        { name: 'SPARK_WORKER_CORES', value: '2' },
        // Seven tenths of 4 GiB without the worker's own 768 MiB.
        { name: 'SPARK_WORKER_MEMORY', value: '2329m' },
      ]),
    )
    const defaults = JSON.stringify(at(manifests.get('ConfigMap spark-connect'), 'data'))
    expect(defaults).toContain('spark.executor.memory 2329m\\n')
    expect(defaults).toContain('spark.cores.max 4\\n')
  })
})

describe('Spark with every prop', () => {
  const { spark, files } = build(every)
  const manifests = manifestsOf(files())

  it('each reaches the manifests', () => {
    const cluster = manifests.get('SparkCluster lake')
    const worker = at(cluster, 'spec.workerSpec.statefulSetSpec.template.spec')
    expect(at(cluster, 'spec.sparkConf')).toMatchObject({ 'spark.kubernetes.container.image': 'registry.example/spark:2' })
    expect(at(cluster, 'spec.clusterTolerations.instanceConfig')).toEqual({ initWorkers: 5, minWorkers: 5, maxWorkers: 5 })
    expect(at(worker, 'containers.0.resources.limits')).toEqual({ cpu: '7', memory: '20Gi', 'ephemeral-storage': '76800Mi' })
    expect(at(worker, 'volumes')).toContainEqual({ name: 'scratch', emptyDir: { sizeLimit: '70Gi' } })
    const connect = at(manifests.get('Deployment spark-connect'), 'spec.template.spec.containers.0')
    expect(connect).toMatchObject({ image: 'registry.example/spark:2', resources: { limits: { cpu: '3', memory: '6Gi' } } })
    expect(at(manifests.get('NetworkPolicy spark-connect'), 'spec.ingress')).toEqual([
      {
        from: [
          {
            namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'notebooks' } },
            podSelector: { matchLabels: { app: 'jupyter' } },
          },
        ],
        ports: [{ protocol: 'TCP', port: 15002 }],
      },
    ])
    expect(at(manifests.get('Role joins-reads-minio-publication-reader'), 'rules.0.resourceNames')).toEqual(['minio-publication-reader'])
  })

  it('and its outputs say where it is asked, and which pods it is', () => {
    expect(spark.url).toBe('sc://spark-connect.joins.svc.cluster.local:15002')
    expect(spark.pods).toEqual({ namespace: 'joins', podLabels: { 'spark.operator/spark-cluster-name': 'lake' } })
  })
})

describe('production with Spark', () => {
  const environment = production()
  const pods = { namespace: 'spark', podLabels: sparkPods }
  const { objectStoreClients = [] } = environment.storage
  const storage = { ...environment.storage, objectStoreClients: [...objectStoreClients, pods] }

  it('passes every check, and Argo CD may install the definitions of the chart', () => {
    const files = deployment({ ...environment, storage, spark: { ...minimal, secrets: 'external-secrets' } }).render()
    const manifests = manifestsOf(files)
    expect(manifests.has('Application ducklake-production-spark-operator')).toBe(true)
    expect(at(manifests.get('AppProject ducklake-production'), 'spec.clusterResourceWhitelist')).toContainEqual({
      group: 'apiextensions.k8s.io',
      kind: 'CustomResourceDefinition',
      name: 'sparkclusters.spark.apache.org',
    })
  })

  it('is not written while the store’s network keeps it out', () => {
    const shut = deployment({ ...environment, spark: { ...minimal, secrets: 'external-secrets' } })
    expect(() => shut.render()).toThrow('NetworkPolicy spark lets out to minio in storage by TCP 9000, whose own policies do not')
  })
})

describe('refuses', () => {
  it.each<[string, Partial<SparkProps>]>([
    ['workers.count is 1, use a whole number from 2.', { workers: { ...minimal.workers, count: 1 } }],
    ['workers.cores is 1.5, use a whole number from 1.', { workers: { ...minimal.workers, cores: 1.5 } }],
    ['connect.cores is 0, use a whole number from 1.', { connect: { ...minimal.connect, cores: 0 } }],
    ['connect.memory is 1Gi, use at least Size.mebibytes(2048).', { connect: { cores: 1, memory: Size.gibibytes(1) } }],
    ['workers.memory is 2Gi, use at least Size.mebibytes(3072).', { workers: { ...minimal.workers, memory: Size.gibibytes(2) } }],
    ['workers.scratch is 512Mi, use at least Size.mebibytes(1024).', { workers: { ...minimal.workers, scratch: Size.mebibytes(512) } }],
  ])('%s', (sentence, props) => {
    expect(() => build({ ...minimal, ...props })).toThrow(`test/spark: ${sentence}`)
  })

  it('an image whose tag floats', () => {
    expect(() => build({ ...minimal, image: 'registry.example/spark:latest' }).files()).toThrow('image "registry.example/spark:latest"')
  })
})
