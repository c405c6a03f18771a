import { useEffect, useState } from 'preact/hooks'
import { type Problem, toProblem } from '../../api/ask.ts'

export interface Answered<Answer> {
  readonly answer: Answer | undefined
  readonly problem: Problem | undefined
  readonly asking: boolean
  readonly again: () => void
}

/** What the service answers, and again as often as it is wanted while the page is looked at. What was answered before stays meanwhile.
 * @param of changes with the question */
export function useAnswer<Answer>(question: (signal: AbortSignal) => Promise<Answer>, of: string, everyMs?: number): Answered<Answer> {
  const [answer, setAnswer] = useState<{ readonly of: string; readonly answer: Answer }>()
  const [problem, setProblem] = useState<Problem>()
  const [asking, setAsking] = useState(true)
  const [times, setTimes] = useState(0)
  const again = () => setTimes(before => before + 1)
  useEffect(() => {
    const gone = new AbortController()
    setAsking(true)
    question(gone.signal)
      .then(
        found => {
          setAnswer({ of, answer: found })
          setProblem(undefined)
        },
        error => {
          if (!gone.signal.aborted) setProblem(toProblem(error))
        },
      )
      .finally(() => {
        if (!gone.signal.aborted) setAsking(false)
      })
    return () => gone.abort()
  }, [of, times])
  useEffect(() => {
    if (everyMs === undefined || asking) return
    const timer = setTimeout(() => {
      if (document.visibilityState === 'visible') again()
    }, everyMs)
    const onSeen = () => document.visibilityState === 'visible' && again()
    document.addEventListener('visibilitychange', onSeen)
    return () => {
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', onSeen)
    }
  }, [everyMs, asking, times])
  return { answer: answer?.of === of ? answer.answer : undefined, problem, asking, again }
}
