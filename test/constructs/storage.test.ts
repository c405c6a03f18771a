import { describe, expect, it } from 'vitest'
import { LakeApp } from '../../constructs/lake-app.ts'
import { Storage } from '../../constructs/storage.ts'
import { everyProp } from './every-prop.ts'
import { at, manifestsOf, renderStorage, valuesOf } from './synth.ts'

describe('with the least props', () => {
  const files = renderStorage()
  it('is two charts, a namespace and its network', () => {
    expect(files.map(file => file.path)).toEqual([
      'dist/test/00-namespaces.k8s.yaml',
      'dist/test/storage.k8s.yaml',
      'helm-values/test/minio-values.yaml',
      'helm-values/test/postgres-values.yaml',
    ])
    expect([...manifestsOf(files).keys()]).toEqual([
      'Namespace storage',
      'ServiceAccount default',
      'NetworkPolicy default-deny',
      'NetworkPolicy minio',
      'NetworkPolicy minio-job',
      'NetworkPolicy postgres',
    ])
  })

  it('lets in nobody but the setup Job', () => {
    const manifests = manifestsOf(files)
    expect(at(manifests.get('NetworkPolicy minio'), 'spec.ingress.0.from')).toEqual([
      { podSelector: { matchLabels: { app: 'minio-job', release: 'minio' } } },
    ])
    expect(at(manifests.get('NetworkPolicy postgres'), 'spec')).toEqual({
      podSelector: { matchLabels: { 'app.kubernetes.io/instance': 'postgres', 'app.kubernetes.io/name': 'postgresql' } },
      policyTypes: ['Ingress', 'Egress'],
    })
    expect(at(manifests.get('ServiceAccount default'), 'automountServiceAccountToken')).toBe(false)
  })
})

describe('with every prop', () => {
  const files = renderStorage(everyProp)
  it('each reaches the values or the manifests', () => {
    const [values, postgres, manifests] = [valuesOf(files, 'minio'), valuesOf(files, 'postgres'), manifestsOf(files)]
    expect(values).toMatchObject({
      mode: 'distributed',
      replicas: 4,
      drivesPerNode: 2,
      persistence: { size: '1536Mi', storageClass: 'fast' },
      buckets: [{ name: 'l-1' }, { name: 'r-1' }, { name: 'o-1' }, { name: 'b-1' }],
      ingress: { enabled: true, ingressClassName: 'nginx', hosts: ['s3.example'], tls: [{ secretName: 's3-tls', hosts: ['s3.example'] }] },
    })
    expect(JSON.stringify(at(values, 'customCommands'))).toContain('\\"NoncurrentDays\\":7')
    expect(postgres).toMatchObject({
      auth: { username: 'me', database: 'db_1' },
      primary: { persistence: { size: '3Gi', storageClass: 'fast' }, resources: { limits: { memory: '2Gi' } } },
    })
    expect(String(at(postgres, 'primary.extendedConfiguration'))).toContain("shared_buffers = '512MB'")
    const client = {
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'apps' } },
      podSelector: { matchLabels: { app: 'web' } },
    }
    expect(at(manifests.get('NetworkPolicy postgres'), 'spec.ingress.0.from')).toEqual([client])
    expect(at(manifests.get('NetworkPolicy minio'), 'spec.ingress.0.from')).toContainEqual(client)
    expect(at(manifests.get('NetworkPolicy minio'), 'spec.ingress.0.from')).toContainEqual({
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ingress-nginx' } },
    })
    // For the object store alone: PostgreSQL, above, lets in the client and nobody else.
    expect(at(manifests.get('NetworkPolicy minio'), 'spec.ingress.0.from')).toContainEqual({
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'logs' } },
    })
    expect(manifests.get('Namespace store')?.metadata.labels).toMatchObject({ 'pod-security.kubernetes.io/enforce': 'restricted' })
    expect(at(manifests.get('PodDisruptionBudget minio'), 'spec')).toMatchObject({
      maxUnavailable: 1,
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
    })
  })

  it('and its outputs say where everything is', () => {
    const storage = new Storage(new LakeApp('test'), everyProp)
    expect(storage.objectStore).toMatchObject({
      url: 'http://minio.store.svc.cluster.local:9000',
      region: 'us-east-1',
      tls: false,
      buckets: { lake: 'l-1' },
    })
    expect(storage.objectStore.credentials.lakeReader).toMatchObject({
      accessKey: { namespace: 'store', secret: 'minio-lake-reader', key: 'accessKey' },
    })
    expect(storage.catalog).toMatchObject({
      host: 'postgres.store.svc.cluster.local',
      port: 5432,
      name: 'db_1',
      user: 'me',
      password: { namespace: 'store', secret: 'postgres-auth', key: 'password' },
      administrator: { user: 'postgres', password: { secret: 'postgres-auth', key: 'postgres-password' } },
    })
  })
})
