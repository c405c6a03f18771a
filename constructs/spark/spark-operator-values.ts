import type { HelmChart } from '../helm-values.ts'
import { podSecurity } from '../security-context.ts'
import type { Shape, ValuesOf } from '../values-shape.ts'
import { charts, images } from '../versions.ts'
import { containerSecurity, user } from './spark-pod.ts'

const made = { create: 'boolean' } as const

/** The keys of the operator's chart that we set. */
export const sparkOperatorChart = {
  name: 'spark-kubernetes-operator',
  version: charts.sparkOperator,
  keys: {
    image: { repository: 'string', tag: 'string', pullPolicy: 'string' },
    operatorDeployment: {
      operatorPod: {
        operatorContainer: { jvmArgs: 'string', resources: 'free', securityContext: 'free' },
        securityContext: 'free',
      },
    },
    operatorRbac: { clusterRole: made, clusterRoleBinding: made, role: made, roleBinding: made },
    workloadResources: {
      namespaces: { create: 'boolean', overrideWatchedNamespaces: 'boolean', data: ['string'] },
      serviceAccount: made,
      role: made,
      clusterRole: made,
      roleBinding: made,
    },
  },
} as const satisfies HelmChart<Shape>

/** The definitions that the chart brings: cluster-wide, as definitions are. */
export const sparkResources = ['sparkapplications.spark.apache.org', 'sparkclusters.spark.apache.org'] as const

/** What the chart labels the operator's pods with. */
export const operatorPods = {
  'app.kubernetes.io/name': 'spark-kubernetes-operator',
  'app.kubernetes.io/component': 'operator-deployment',
}

/** An operator that may do its work in one namespace, and nothing outside of it. */
export function sparkOperatorValues(namespace: string): ValuesOf<typeof sparkOperatorChart.keys> {
  return {
    image: { repository: images.sparkOperator.source, tag: images.sparkOperator.version, pullPolicy: 'IfNotPresent' },
    operatorDeployment: {
      operatorPod: {
        operatorContainer: {
          // One option alone: this chart passes them as one word, of which Java takes the first and drops the others without a sound.
          jvmArgs: '-XX:MaxRAMPercentage=75',
          resources: {
            requests: { cpu: '100m', memory: '1Gi', 'ephemeral-storage': '64Mi' },
            limits: { cpu: '1', memory: '1Gi', 'ephemeral-storage': '1Gi' },
          },
          securityContext: containerSecurity,
        },
        securityContext: { ...podSecurity, ...user },
      },
    },
    // Roles of the namespace instead of the chart's cluster-wide ones, which may change pods everywhere.
    operatorRbac: {
      clusterRole: { create: false },
      clusterRoleBinding: { create: false },
      role: { create: true },
      roleBinding: { create: true },
    },
    // The namespace and the pods' account are ours: these pods ask nothing of the API server, so they need no rights there.
    workloadResources: {
      namespaces: { create: false, overrideWatchedNamespaces: true, data: [namespace] },
      serviceAccount: { create: false },
      role: { create: false },
      clusterRole: { create: false },
      roleBinding: { create: false },
    },
  }
}
