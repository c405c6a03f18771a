import type { Step } from './run.ts'
import { acceptStrictly } from './steps/accept-strictly.ts'
import { apply } from './steps/apply.ts'
import { applyAgain } from './steps/apply-again.ts'
import { applyAnew } from './steps/apply-anew.ts'
import { denyEdges } from './steps/deny-edges.ts'
import { evictPods } from './steps/evict-pods.ts'
import { findLogs } from './steps/find-logs.ts'
import { killPods } from './steps/kill-pods.ts'
import { roll } from './steps/roll.ts'
import { twoReplicas } from './steps/two-replicas.ts'
import { useLake } from './steps/use-lake.ts'

/** What is shown, in this order; each by its name on the command line. Those behind `apply` need what it applied, and `use-lake`'s tables. */
export const steps: Readonly<Record<string, Step>> = {
  'accept-strictly': acceptStrictly,
  apply,
  'use-lake': useLake,
  'find-logs': findLogs,
  'deny-edges': denyEdges,
  'apply-again': applyAgain,
  roll,
  'two-replicas': twoReplicas,
  'evict-pods': evictPods,
  'kill-pods': killPods,
  'apply-anew': applyAnew,
}
