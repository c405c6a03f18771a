import { k8s } from 'cdk8s-plus-28'
import type { Construct } from 'constructs'
import { labels } from './labels.ts'
import { ManifestFile } from './manifest-file.ts'

export interface PodSecurityException {
  readonly level: 'baseline' | 'privileged'
  /** Why the level `restricted` cannot be kept, as a sentence; it is written on the namespace. */
  readonly because: string
}

/** The one namespace that may have an exception. */
export const collectorNamespace = 'log-collector'

/** The annotation that holds the reason. */
export const reasonAnnotation = 'ducklake-platform/pod-security'

/** `00-namespaces.k8s.yaml`: sorts first, so that `kubectl apply -f dist/<environment>/` meets the namespaces before what lies in them. */
export class Namespaces extends ManifestFile {
  constructor(scope: Construct) {
    super(scope, '00-namespaces')
  }

  /** The API server lets a pod of the namespace do what the level `restricted` has, but for an exception.
   * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/ */
  add(name: string, exception?: PodSecurityException): string {
    const level = exception?.level ?? 'restricted'
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
        annotations: {
          'argocd.argoproj.io/sync-options': 'Prune=confirm,Delete=confirm',
          ...(exception && { [reasonAnnotation]: exception.because }),
        },
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
