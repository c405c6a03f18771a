import { Chart } from 'cdk8s'
import type { Construct } from 'constructs'

export interface ManifestFileProps {
  /** Where the file lies below `dist/<environment>/`, without the ending. Lower case, as it also orders `kubectl apply -f`.
   * @default - the construct's id */
  readonly file?: string
  /** Stamped on every object of the file. Leave it out for cluster-scoped kinds, which must have none.
   * @default - none */
  readonly namespace?: string
}

/** One committed file of Kubernetes objects, in the order in which they were made. */
export class ManifestFile extends Chart {
  /** Not `instanceof`: Chart answers that for all its subclasses with "is a chart". */
  static isManifestFile(construct: unknown): construct is ManifestFile {
    return Chart.isChart(construct) && 'file' in construct
  }

  readonly file: string

  constructor(scope: Construct, id: string, props: ManifestFileProps = {}) {
    super(scope, id, { disableResourceNameHashes: true, ...(props.namespace ? { namespace: props.namespace } : {}) })
    this.file = `${props.file ?? id}.k8s.yaml`
  }
}
