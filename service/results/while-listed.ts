import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { RunningStatement } from '../store/running.ts'

/** The request whose work it is, and what is aborted when nobody wants it any more. */
export interface Work {
  readonly request: Pick<FastifyRequest, 'caller' | 'id' | 'method' | 'url'>
  readonly gone: AbortController
}

/** Whose it is; without a statement of the caller's it is listed by the line of its request. */
export type ListedAs = Pick<RunningStatement, 'kind'> & Partial<Pick<RunningStatement, 'id' | 'sql' | 'params' | 'asOf'>>

/** Takes a request's work into the list of what runs. @returns what is to be called when an engine begins with it, and when it is over */
export function list({ running }: Pick<FastifyInstance, 'running'>, { request, gone }: Work, as: ListedAs) {
  const { id = randomUUID(), kind, sql = lineOf(request), params = null, asOf = null } = as
  const { caller, id: requestId } = request
  return running.begin({ id, keyId: caller.id, kind, sql, params, asOf, grants: null, requestId, submittedAt: new Date() }, gone)
}

/** Does a request's work, which is listed meanwhile. @param task is given what to tell of the engine that it gets */
export async function whileListed<Result>(
  app: Pick<FastifyInstance, 'running'>,
  work: Work,
  as: ListedAs,
  task: (begun: (engine: string) => void) => Promise<Result>,
): Promise<Result> {
  const { begun, over } = list(app, work, as)
  try {
    return await task(begun)
  } finally {
    over()
  }
}

export function lineOf({ method, url }: Pick<FastifyRequest, 'method' | 'url'>): string {
  return `${method} ${url}`
}
