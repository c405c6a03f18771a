import { podSecurity, containerSecurity as security } from '../security-context.ts'

/** Spark's own user in its images: Hadoop does not start as one that has no name there. */
export const user = { runAsUser: 185, runAsGroup: 185, fsGroup: 185 } as const

export const containerSecurity = security

/** The cluster's name: the operator names its parts after it. It never changes. */
export const clusterName = 'lake'

/** Every pod of the cluster, those that ask included: the operator's own policy for workers goes by this label. */
export const sparkPods = { 'spark.operator/spark-cluster-name': clusterName }

/** Pods of the operator's making: it sets these labels. */
export const masterPods = { ...sparkPods, 'spark-role': 'master' }
export const workerPods = { ...sparkPods, 'spark-role': 'worker' }

/** `master` is fixed by the operator. The others are random by default, and a NetworkPolicy needs to know them. */
export const ports = { master: 7077, peer: 7078, blocks: 7079, connect: 15_002 } as const

/** What every pod of Spark has: nothing to say to the API server, and no variables that are named after Services. */
export const sparkPodSpec = {
  automountServiceAccountToken: false,
  enableServiceLinks: false,
  securityContext: { ...podSecurity, ...user },
}

/** Where Spark writes. All else of its root is read-only. */
export const folders = { scratch: '/scratch', work: '/opt/spark/work', logs: '/opt/spark/logs', tmp: '/tmp', config: '/etc/spark' } as const
