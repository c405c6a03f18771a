import type { Problem } from '../api/ask.ts'
import { copyText } from './copy-text.ts'
import { RejectedRows } from './rejected-rows.tsx'

interface ProblemBoxProps {
  readonly problem: Problem
  /** Where in the text that it is about, in words. */
  readonly place?: string | undefined
  /** Puts a name that exists in the place of the one that does not. */
  readonly onTake?: ((candidate: string) => void) | undefined
  readonly onRetry?: (() => void) | undefined
}

/** What went wrong, where, what to do, and the request's id for those who have the log. */
export function ProblemBox({ problem, place, onTake, onRetry }: ProblemBoxProps) {
  const { title, detail, code, candidates = [], requestId, errors = [], rejectedCount } = problem
  return (
    <div class="problem" role="alert">
      <p class="problem-title">
        {title}
        {place !== undefined && <span class="problem-place">{place}</span>}
      </p>
      <p class="problem-detail">{candidates.length > 0 ? detail.replace(/\n(?:Candidate bindings|Did you mean)[\s\S]*$/, '') : detail}</p>
      {candidates.length > 0 && (
        <p>
          Did you mean{' '}
          {candidates.map(candidate => (
            <button key={candidate} type="button" class="candidate" disabled={!onTake} onClick={() => onTake?.(candidate)}>
              {candidate}
            </button>
          ))}
          ?
        </p>
      )}
      {errors.length > 0 && <RejectedRows errors={errors} count={rejectedCount ?? errors.length} />}
      <p class="problem-foot">
        <code>{code}</code>
        {requestId !== undefined && (
          <button
            type="button"
            class="link"
            title="Copy the request’s id"
            onClick={() => copyText(requestId, 'The request’s id is copied')}
          >
            {requestId}
          </button>
        )}
        {onRetry && (
          <button type="button" onClick={onRetry}>
            Try again
          </button>
        )}
      </p>
    </div>
  )
}
