import type { components } from '../../../client/api-types.ts'
import { type Problem, ProblemError } from '../../api/ask.ts'
import type { Row } from '../../api/rows.ts'
import { key, refusal } from '../../session.ts'

export type Written = Omit<components['schemas']['Write'], 'rows'> & { readonly rows?: readonly Row[] }

export interface RowsToSend {
  readonly schema: string
  readonly table: string
  readonly query: URLSearchParams
  readonly body: Blob
  readonly contentType: string
  readonly packed: boolean
  /** Two requests with the same one are one write. */
  readonly once?: string
}

interface Watch {
  readonly signal: AbortSignal
  /** Bytes that have gone out. */
  readonly onProgress?: (sent: number) => void
}

/** Sends rows to a table. By XMLHttpRequest, because fetch tells nothing while a body goes out. @throws ProblemError, or the reason of an abort */
export function sendRows(
  { schema, table, query, body, contentType, packed, once }: RowsToSend,
  { signal, onProgress }: Watch,
): Promise<Written> {
  const asked = key.peek()
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    const fail = (problem: Problem) => {
      if (problem.code === 'unauthenticated' && key.peek() === asked) refusal.value = problem.detail
      reject(new ProblemError(problem))
    }
    const stop = () => request.abort()
    request.open('POST', `/v1/tables/${encodeURIComponent(schema)}/${encodeURIComponent(table)}/rows?${query}`)
    request.responseType = 'json'
    request.setRequestHeader('authorization', `Bearer ${asked ?? ''}`)
    request.setRequestHeader('content-type', contentType)
    if (packed) request.setRequestHeader('content-encoding', 'gzip')
    if (once !== undefined) request.setRequestHeader('idempotency-key', once)
    request.upload.onprogress = ({ loaded }) => onProgress?.(loaded)
    request.upload.onload = () => onProgress?.(body.size)
    request.onload = () => {
      const answer: unknown = request.response
      if (request.status >= 200 && request.status < 300 && isWritten(answer)) resolve(answer)
      else fail(isProblem(answer) ? answer : { ...silent, title: request.statusText || silent.title, status: request.status })
    }
    request.onerror = () => fail(silent)
    request.onabort = () => reject(signal.reason)
    request.onloadend = () => signal.removeEventListener('abort', stop)
    if (signal.aborted) return reject(signal.reason)
    signal.addEventListener('abort', stop)
    request.send(body)
  })
}

const silent: Problem = {
  title: 'The connection was lost',
  status: 0,
  code: 'unreachable',
  detail:
    'The service did not answer to the end: it may be restarting, or the file was changed on disk. Sent again, nothing is there twice.',
}

function isWritten(answer: unknown): answer is Written {
  return typeof answer === 'object' && answer !== null && 'rowCount' in answer
}

function isProblem(answer: unknown): answer is Problem {
  return typeof answer === 'object' && answer !== null && 'code' in answer && 'detail' in answer
}
