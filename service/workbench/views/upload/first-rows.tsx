import { signal } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import { Grid } from '../../parts/grid/grid.tsx'
import { fixedRows } from '../../parts/grid/grid-source.ts'
import { start } from '../../parts/grid/selection.ts'
import type { Written } from './send-rows.ts'

/** The first rows as the table would have them. */
export function FirstRows({ answer }: { readonly answer: Written }) {
  const source = useMemo(() => fixedRows(answer.columns ?? [], answer.rows ?? []), [answer])
  const selection = useMemo(() => signal(start), [answer])
  return (
    <div class="first-rows">
      <Grid source={source} label="The first rows" selection={selection} />
    </div>
  )
}
