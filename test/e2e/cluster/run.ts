import type { Report } from '../logging/report.ts'
import type { ClientPod } from './client-pod.ts'
import type { Kubectl } from './kubectl.ts'
import type { Platform } from './platform.ts'

/** What a step works with. */
export interface Run {
  readonly kubectl: Kubectl
  readonly platform: Platform
  /** Where callers of the service stand. */
  readonly client: ClientPod
  /** Where nobody is let in from. */
  readonly stranger: ClientPod
  readonly report: Report
}

/** One thing that is shown. @throws Error if it cannot go on */
export type Step = (run: Run) => void | Promise<void>
