import { checkAlerts } from './check-alerts.ts'
import { checkGrouping } from './check-grouping.ts'
import { checkJsonPaths } from './check-json-paths.ts'
import { checkLabels } from './check-labels.ts'
import { checkParseErrors } from './check-parse-errors.ts'
import { checkRanges } from './check-ranges.ts'
import { checkRegularExpressions } from './check-regular-expressions.ts'
import { checkSelectors } from './check-selectors.ts'
import type { LogqlCheck, LogqlUse } from './logql-check.ts'
import { Logql } from './parse-logql.ts'

const checks: readonly LogqlCheck[] = [
  checkRegularExpressions,
  checkSelectors,
  checkLabels,
  checkParseErrors,
  checkGrouping,
  checkJsonPaths,
  checkRanges,
  checkAlerts,
]

/** @returns a sentence for each mistake, with its place: Loki itself would tell of most of them only by a panel that stays empty or an
 * alert that never fires. */
export function checkLogql(text: string, use: LogqlUse): string[] {
  const query = new Logql(text)
  // Behind its first mistake the grammar guesses, and the other checks would judge the guess.
  const [mistake] = query.mistakes()
  if (mistake) return [`LogQL's grammar stops ${place(text, mistake.from)}: mend what stands there.`]
  return checks
    .flatMap(check => [...check(query, use)])
    .sort((a, b) => a.at.from - b.at.from)
    .map(({ at, what }) => `${place(text, at.from)}: ${what}.`)
}

function place(text: string, offset: number): string {
  const rest = text.slice(offset, offset + 40)
  return rest ? `at character ${offset + 1} (${rest}${text.length > offset + 40 ? '…' : ''})` : 'at its end'
}
