import { describe, expect, it } from 'vitest'
import { GitOps, type GitOpsProps } from '../../constructs/gitops.ts'
import { LakeApp } from '../../constructs/lake-app.ts'
import { Storage } from '../../constructs/storage.ts'
import { at, manifestsOf, minimalStorage } from './synth.ts'

const repository = { url: 'https://git.example/lake.git', revision: 'v1' }

function render(props: Omit<GitOpsProps, 'deploys' | 'repository'> = {}) {
  const app = new LakeApp('test')
  const storage = new Storage(app, minimalStorage)
  new GitOps(app, { repository, deploys: [app.namespaces, storage], ...props })
  return manifestsOf(app.render().filter(file => file.path.includes('/argocd/')))
}

describe('with the least props', () => {
  const manifests = render()
  it('is a project, the Application of Applications and one for each file and chart, in order', () => {
    expect([...manifests.keys()]).toEqual([
      'AppProject ducklake-test',
      'Application ducklake-test-root',
      'Application ducklake-test-namespaces',
      'Application ducklake-test-storage',
      'Application ducklake-test-minio',
      'Application ducklake-test-postgres',
    ])
    const waves = [...manifests.values()].slice(1).map(manifest => manifest.metadata.annotations?.['argocd.argoproj.io/sync-wave'])
    expect(waves).toEqual(['-1', '0', '1', '2', '2'])
  })

  it('takes the chart from its publisher and its values from this repository', () => {
    expect(at(manifests.get('Application ducklake-test-minio'), 'spec.sources')).toEqual([
      {
        repoURL: 'https://charts.min.io/',
        chart: 'minio',
        targetRevision: '5.4.0',
        helm: { releaseName: 'minio', valueFiles: ['$values/helm-values/test/minio-values.yaml'] },
      },
      { repoURL: repository.url, targetRevision: 'v1', ref: 'values' },
    ])
  })

  it('reads exactly one file of manifests', () => {
    expect(at(manifests.get('Application ducklake-test-storage'), 'spec.source')).toEqual({
      repoURL: repository.url,
      targetRevision: 'v1',
      path: 'dist/test',
      directory: { recurse: false, include: 'storage.k8s.yaml' },
    })
  })

  it('applies on the server, retries and leaves data when an Application goes', () => {
    const application = manifests.get('Application ducklake-test-storage')
    expect(at(application, 'spec.syncPolicy')).toMatchObject({ automated: { prune: true, selfHeal: true }, retry: { limit: 5 } })
    expect(at(application, 'spec.syncPolicy.syncOptions')).toContain('ServerSideApply=true')
    expect(at(application, 'metadata.finalizers')).toBeUndefined()
    expect(application?.metadata.annotations).toMatchObject({ 'argocd.argoproj.io/compare-options': 'ServerSideDiff=true' })
  })

  it('has no hook of its own: it would switch off those of the charts', () => {
    expect(JSON.stringify([...manifests.values()])).not.toContain('argocd.argoproj.io/hook')
  })

  it('allows the project its repositories and namespaces and no other', () => {
    expect(at(manifests.get('AppProject ducklake-test'), 'spec')).toMatchObject({
      sourceRepos: [repository.url, 'https://charts.min.io/', 'registry-1.docker.io/bitnamicharts'],
      destinations: [{ namespace: 'storage' }, { namespace: 'argocd' }],
      clusterResourceWhitelist: [
        { group: '', kind: 'Namespace' },
        { group: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'log-collector' },
        { group: 'rbac.authorization.k8s.io', kind: 'ClusterRoleBinding', name: 'log-collector' },
      ],
    })
  })
})

it('with every prop', () => {
  const props: Required<Omit<GitOpsProps, 'deploys' | 'repository'>> = { argoNamespace: 'gitops', cluster: 'https://cluster.example' }
  const manifests = render(props)
  // The Applications themselves stay in the cluster of Argo CD.
  expect(manifests.get('Application ducklake-test-root')).toMatchObject({
    metadata: { namespace: 'gitops' },
    spec: { destination: { server: 'https://kubernetes.default.svc', namespace: 'gitops' } },
  })
  for (const name of ['namespaces', 'storage', 'minio']) {
    expect(manifests.get(`Application ducklake-test-${name}`)).toMatchObject({
      metadata: { namespace: 'gitops' },
      spec: { destination: { server: 'https://cluster.example', namespace: 'storage' } },
    })
  }
})
