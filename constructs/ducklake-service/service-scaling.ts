import { k8s } from 'cdk8s-plus-28'
import { Construct } from 'constructs'
import { invalid } from '../invalid.ts'
import { labels, selectorLabels } from '../labels.ts'

export interface Autoscaling {
  /** Most pods that there may be, more than `replicas`. */
  readonly maxReplicas: number
  /** Share of the pods' CPU that they are kept at, 1 to 100.
   * @default 70 */
  readonly cpuPercent?: number
  /** Statements that may wait in each pod before another is started. Needs an adapter that offers Prometheus' `ducklake_queue_depth` of pods
   * to the cluster; without one nothing is scaled by it, and the rest works.
   * @default - by CPU alone */
  readonly waitingStatements?: number
}

/** How many pods there are: at least `replicas`, and all but one of them while nodes are emptied. */
export class ServiceScaling extends Construct {
  constructor(scope: Construct, replicas: number, autoscaling?: Autoscaling) {
    super(scope, 'scaling')
    if (!Number.isInteger(replicas) || replicas < 1) throw invalid(this, `replicas is ${replicas}, use a whole number from 1.`)
    // A single pod has no budget: one would block every drain of its node and keep nothing up.
    if (replicas > 1) {
      new k8s.KubePodDisruptionBudget(this, 'budget', {
        metadata: { name: 'ducklake-service', labels: labels('ducklake-service') },
        spec: {
          maxUnavailable: k8s.IntOrString.fromNumber(1),
          selector: { matchLabels: selectorLabels('ducklake-service') },
          unhealthyPodEvictionPolicy: 'AlwaysAllow',
        },
      })
    }
    if (autoscaling) this.autoscale(replicas, autoscaling)
  }

  private autoscale(minReplicas: number, { maxReplicas, cpuPercent = 70, waitingStatements }: Autoscaling): void {
    if (!Number.isInteger(maxReplicas) || maxReplicas <= minReplicas)
      throw invalid(this, `maxReplicas is ${maxReplicas}, use a whole number above replicas, which is ${minReplicas}.`)
    if (!Number.isInteger(cpuPercent) || cpuPercent < 1 || cpuPercent > 100)
      throw invalid(this, `cpuPercent is ${cpuPercent}, use a whole number from 1 to 100.`)
    if (waitingStatements !== undefined && !(Number.isInteger(waitingStatements) && waitingStatements > 0))
      throw invalid(this, `waitingStatements is ${waitingStatements}, use a whole number from 1.`)
    new k8s.KubeHorizontalPodAutoscalerV2(this, 'autoscaler', {
      metadata: { name: 'ducklake-service', labels: labels('ducklake-service') },
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'ducklake-service' },
        minReplicas,
        maxReplicas,
        metrics: [
          { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: cpuPercent } } },
          ...(waitingStatements === undefined
            ? []
            : [
                {
                  type: 'Pods',
                  pods: {
                    metric: { name: 'ducklake_queue_depth' },
                    target: { type: 'AverageValue', averageValue: k8s.Quantity.fromNumber(waitingStatements) },
                  },
                },
              ]),
        ],
        // A pod that goes ends its longest statements: not for every pause between two dashboards.
        behavior: { scaleDown: { stabilizationWindowSeconds: 600 } },
      },
    })
  }
}
