import { Construct } from 'constructs'
import { invalid } from './invalid.ts'
import { mismatches, type Shape, type ValuesOf } from './values-shape.ts'
import type { Version } from './versions.ts'

export interface HelmChart<S extends Shape> {
  readonly name: string
  readonly version: Version
  readonly keys: S
}

export interface HelmValuesProps<S extends Shape> {
  readonly chart: HelmChart<S>
  /** Helm's release name. Each chart makes its objects' names from it, so it never changes. */
  readonly release: string
  readonly namespace: string
  readonly values: ValuesOf<S>
}

/** The values file of one pinned chart: `helm-values/<environment>/<release>-values.yaml`. The chart itself is never rendered here. */
export class HelmValues<S extends Shape = Shape> extends Construct {
  readonly file: string
  readonly chart: HelmChart<S>
  readonly release: string
  readonly namespace: string
  readonly values: ValuesOf<S>

  constructor(scope: Construct, id: string, props: HelmValuesProps<S>) {
    super(scope, id)
    this.file = `${props.release}-values.yaml`
    this.chart = props.chart
    this.release = props.release
    this.namespace = props.namespace
    this.values = props.values

    const [first] = mismatches(props.chart.keys, props.values)
    if (first) throw invalid(this, `${first}. Fix the key in ${this.file}'s construct.`)
  }
}
