import type { QueryEntry } from '../../api/queries.ts'
import { go } from '../../router.ts'
import { inputsOf } from './parameters.ts'
import { openTab } from './tabs.ts'

/** Opens what was asked once, as it was asked: with its parameters and the version that it read. Nothing runs yet. */
export function openPast({ sql, params, asOf }: QueryEntry): void {
  openTab({ sql, params: inputsOf(params), ...(asOf && { asOf }) })
  go('query')
}
