import type { Step } from './run.ts'
import { acceptStrictly } from './steps/accept-strictly.ts'
import { apply } from './steps/apply.ts'
import { applyAgain } from './steps/apply-again.ts'
import { denyEdges } from './steps/deny-edges.ts'
import { findLogs } from './steps/find-logs.ts'
import { roll } from './steps/roll.ts'
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
}
