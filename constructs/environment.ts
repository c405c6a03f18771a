import type { DuckLakeServiceProps } from './ducklake-service.ts'
import type { GitOpsProps } from './gitops.ts'
import type { LoggingProps } from './logging.ts'
import type { SparkProps } from './spark.ts'
import type { StorageProps } from './storage.ts'

/** All that may differ between two deployments of the platform. */
export interface Environment {
  /** Names the folders `dist/<name>` and `helm-values/<name>`: lower-case letters, digits and hyphens. */
  readonly name: string
  readonly storage: StorageProps
  readonly logging: Omit<LoggingProps, 'objectStore'>
  readonly service: Omit<DuckLakeServiceProps, 'objectStore' | 'catalog'>
  /** Another engine for the joins that do not fit on one machine.
   * @default - none */
  readonly spark?: Omit<SparkProps, 'objectStore'>
  readonly gitOps: Omit<GitOpsProps, 'deploys'>
}
