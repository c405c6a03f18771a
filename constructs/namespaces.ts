import { k8s } from 'cdk8s-plus-28'
import type { Construct } from 'constructs'
import { labels } from './labels.ts'
import { ManifestFile } from './manifest-file.ts'

export type PodSecurityLevel = 'restricted' | 'baseline' | 'privileged'

/** `00-namespaces.k8s.yaml`: sorts first, so that `kubectl apply -f dist/<environment>/` meets the namespaces before what lies in them. */
export class Namespaces extends ManifestFile {
  constructor(scope: Construct) {
    super(scope, '00-namespaces')
  }

  /** @param level what the API server lets a pod of the namespace do. @see https://kubernetes.io/docs/concepts/security/pod-security-standards/ */
  add(name: string, level: PodSecurityLevel = 'restricted'): string {
    new k8s.KubeNamespace(this, name, {
      metadata: {
        name,
        labels: {
          ...labels(name),
          'pod-security.kubernetes.io/enforce': level,
          'pod-security.kubernetes.io/audit': level,
          'pod-security.kubernetes.io/warn': level,
        },
        // Deleting a namespace deletes its volumes: Argo CD asks a person first.
        annotations: { 'argocd.argoproj.io/sync-options': 'Prune=confirm,Delete=confirm' },
      },
    })
    // What runs without an account of its own runs as `default`, and has no business with the API server.
    new k8s.KubeServiceAccount(this, `${name}-default-account`, {
      metadata: { name: 'default', namespace: name, labels: labels('default') },
      automountServiceAccountToken: false,
    })
    return name
  }
}
