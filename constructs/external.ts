import { Construct } from 'constructs'

export interface ExternalProps {
  readonly kind: 'Secret' | 'ConfigMap' | 'ServiceAccount' | 'Pod'
  readonly namespace: string
  /** The object's name; pods have none that is known beforehand.
   * @default - '' */
  readonly name?: string
  /** What a pod is selected by.
   * @default - {} */
  readonly labels?: Readonly<Record<string, string>>
  /** Who makes it, for the reader of an error: "Bitnami's chart", "the CloudNativePG operator". */
  readonly madeBy: string
}

/** An object that exists in the cluster and not in `dist/`: a reference to it is no mistake. */
export class External extends Construct {
  constructor(
    scope: Construct,
    id: string,
    readonly props: ExternalProps,
  ) {
    super(scope, id)
  }
}
