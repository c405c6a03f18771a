import type { EnvironmentView } from './environment-view.ts'

/** One thing in which environments can differ, in words: a row of docs/environments.md. */
export interface Topic {
  readonly what: string
  /** What an environment has there, out of what it is made of. */
  readonly show: (environment: EnvironmentView) => string
  /** Which differences of the manifests it stands for, each as `Kind namespace/name path`. */
  readonly covers: readonly RegExp[]
  /** Why they differ, as a sentence. */
  readonly why: string
}

/** What stands for nothing. */
export const none = '–'
