import { k8s } from 'cdk8s-plus-28'
import { Construct } from 'constructs'
import {
  ExternalSecret,
  ExternalSecretSpecSecretStoreRefKind,
  ExternalSecretSpecTargetCreationPolicy,
  SecretStore,
  SecretStoreSpecProviderKubernetesServerCaProviderType,
} from '../imports/external-secrets.io.ts'
import { External } from './external.ts'
import type { SecretMaker } from './generated-secret.ts'
import { labels } from './labels.ts'
import type { SecretKey } from './secret-key.ts'

export interface SecretCopyProps<Key extends string> {
  /** The Secret's name, in both namespaces. */
  readonly name: string
  /** Where it is made. */
  readonly from: string
  /** Where it is read: a pod sees only the Secrets of its own namespace. */
  readonly namespace: string
  /** What is copied; the rest stays where it is. */
  readonly keys: readonly Key[]
  readonly madeBy: SecretMaker
}

/** How long after a change the operator brings the copy up to it. */
const refreshInterval = '1h'

/** A Secret of another namespace, beside the pods that read it. `npm run secrets` copies the values, or the External Secrets operator
 * does: with an account that may read that one Secret and nothing else. */
export class SecretCopy<Key extends string = string> extends Construct {
  constructor(
    scope: Construct,
    id: string,
    readonly props: SecretCopyProps<Key>,
  ) {
    super(scope, id)
    const { name, from, namespace, keys, madeBy } = props
    new External(this, 'secret', {
      kind: 'Secret',
      namespace,
      name,
      madeBy: madeBy === 'kubectl' ? 'npm run secrets' : 'the External Secrets operator',
    })
    if (madeBy === 'kubectl') return

    const reader = `${namespace}-reads-${name}`
    const metadata = (namespace: string, name: string) => ({ name, namespace, labels: labels(name) })
    const account = new k8s.KubeServiceAccount(this, 'account', {
      metadata: metadata(namespace, reader),
      automountServiceAccountToken: false,
    })
    const role = new k8s.KubeRole(this, 'role', {
      metadata: metadata(from, reader),
      rules: [{ apiGroups: [''], resources: ['secrets'], resourceNames: [name], verbs: ['get'] }],
    })
    new k8s.KubeRoleBinding(this, 'role-binding', {
      metadata: metadata(from, reader),
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: role.name },
      subjects: [{ kind: 'ServiceAccount', name: account.name, namespace }],
    })
    const store = new SecretStore(this, 'store', {
      metadata: metadata(namespace, reader),
      spec: {
        provider: {
          kubernetes: {
            remoteNamespace: from,
            // Which Kubernetes puts into each namespace itself.
            server: {
              caProvider: {
                type: SecretStoreSpecProviderKubernetesServerCaProviderType.CONFIG_MAP,
                name: 'kube-root-ca.crt',
                key: 'ca.crt',
              },
            },
            auth: { serviceAccount: { name: account.name } },
          },
        },
      },
    })
    new ExternalSecret(this, 'external-secret', {
      metadata: metadata(namespace, name),
      spec: {
        refreshInterval,
        secretStoreRef: { name: store.name, kind: ExternalSecretSpecSecretStoreRefKind.SECRET_STORE },
        target: { name, creationPolicy: ExternalSecretSpecTargetCreationPolicy.OWNER },
        data: keys.map(key => ({ secretKey: key, remoteRef: { key: name, property: key } })),
      },
    })
  }

  key(key: Key): SecretKey {
    return { namespace: this.props.namespace, secret: this.props.name, key }
  }
}
