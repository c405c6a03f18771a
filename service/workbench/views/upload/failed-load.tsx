import type { Problem } from '../../api/ask.ts'
import { count } from '../../format/numbers.ts'
import { ProblemBox } from '../../parts/problem-box.tsx'
import type { Draft } from './draft.ts'
import { changeDraft, guessed, loadFile, tryAgain } from './load-file.ts'

interface FailedLoadProps {
  readonly problem: Problem
  readonly draft: Draft
}

/** What does not fit, where, and the ways on: nothing is written before one is taken. */
export function FailedLoad({ problem, draft }: FailedLoadProps) {
  const { rejectedCount = 0, errors = [], status } = problem
  const columns = [...new Set(errors.flatMap(({ column }) => column ?? []))].filter(
    name => draft.mode === 'create' && guessed.value?.some(each => each.name === name) && draft.types[name] !== 'VARCHAR',
  )
  return (
    <>
      <ProblemBox problem={problem} onRetry={status === 0 || status >= 500 ? tryAgain : undefined} />
      {(columns.length > 0 || rejectedCount > 0) && (
        <p class="ways-on">
          {columns.map(name => (
            <button key={name} type="button" onClick={() => changeDraft({ types: { ...draft.types, [name]: 'VARCHAR' } })}>
              Take {name.length > 40 ? `${name.slice(0, 40)}…` : name} as text
            </button>
          ))}
          {rejectedCount > 0 && (
            <button type="button" onClick={() => loadFile(rejectedCount)}>
              Leave {count(rejectedCount, 'row')} out and load the others
            </button>
          )}
        </p>
      )}
    </>
  )
}
