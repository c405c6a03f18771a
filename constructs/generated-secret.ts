import { Construct } from 'constructs'
import {
  ExternalSecret,
  ExternalSecretSpecDataFromSourceRefGeneratorRefKind,
  ExternalSecretSpecRefreshPolicy,
  ExternalSecretSpecTargetCreationPolicy,
} from '../imports/external-secrets.io.ts'
import { Password } from '../imports/generators.external-secrets.io.ts'
import { External } from './external.ts'
import { labels } from './labels.ts'
import type { SecretKey } from './secret-key.ts'

/** Who makes the values: `npm run secrets` with kubectl, or the External Secrets operator with its Password generator. */
export type SecretMaker = 'kubectl' | 'external-secrets'

/** What a value looks like: random letters and digits, or a key of the service, `dl_<12 hexadecimal digits>_<48>`. */
export type SecretForm = 'text' | 'api-key'

export interface GeneratedSecretProps<Key extends string> {
  readonly name: string
  readonly namespace: string
  /** Each key gets its own random value of letters and digits: MinIO's chart passes them through a shell unquoted. */
  readonly keys: readonly Key[]
  readonly madeBy: SecretMaker
  /** @default text */
  readonly form?: SecretForm
}

/** How many characters a generated value has: 62^32 possibilities, and below every limit of MinIO and PostgreSQL. */
export const generatedLength = 32

/** A Secret whose values are made once in the cluster and never appear in this repository. */
export class GeneratedSecret<Key extends string = string> extends Construct {
  readonly name: string
  readonly namespace: string
  readonly keys: readonly Key[]
  readonly madeBy: SecretMaker
  readonly form: SecretForm

  constructor(scope: Construct, id: string, props: GeneratedSecretProps<Key>) {
    super(scope, id)
    this.name = props.name
    this.namespace = props.namespace
    this.keys = props.keys
    this.madeBy = props.madeBy
    this.form = props.form ?? 'text'
    new External(this, 'secret', {
      kind: 'Secret',
      namespace: props.namespace,
      name: props.name,
      madeBy: props.madeBy === 'kubectl' ? 'npm run secrets' : 'the External Secrets operator',
    })
    if (props.madeBy === 'kubectl') return

    const password = new Password(this, 'generator', {
      metadata: { name: props.name, namespace: props.namespace, labels: labels(props.name) },
      spec: {
        length: generatedLength,
        digits: 8,
        symbols: 0,
        noUpper: false,
        allowRepeat: true,
        secretKeys: [...props.keys],
      },
    })
    new ExternalSecret(this, 'external-secret', {
      metadata: {
        name: props.name,
        namespace: props.namespace,
        labels: labels(props.name),
        annotations: { 'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false' },
      },
      spec: {
        // Once and for ever: new values under a server that knows the old ones would lock everybody out.
        refreshPolicy: ExternalSecretSpecRefreshPolicy.CREATED_ONCE,
        target: {
          name: props.name,
          creationPolicy: ExternalSecretSpecTargetCreationPolicy.ORPHAN,
          immutable: true,
          ...(this.form === 'api-key' && { template: { data: Object.fromEntries(props.keys.map(key => [key, apiKeyTemplate(key)])) } }),
        },
        dataFrom: [
          {
            sourceRef: {
              generatorRef: {
                apiVersion: password.apiVersion,
                kind: ExternalSecretSpecDataFromSourceRefGeneratorRefKind.PASSWORD,
                name: password.name,
              },
            },
          },
        ],
      },
    })
  }

  key(key: Key): SecretKey {
    return { namespace: this.namespace, secret: this.name, key }
  }
}

/** Hexadecimal digits out of the generator's letters: a hash of 32 of them has more bits than are taken of it. What comes before the secret
 * part is no secret, and must not tell of it: another hash. */
function apiKeyTemplate(key: string): string {
  return `dl_{{ printf "id %s" .${key} | sha256sum | trunc 12 }}_{{ .${key} | sha256sum | trunc 48 }}`
}
