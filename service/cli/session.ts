import { LakeClient } from '../client/lake-client.ts'
import { readCliConfig } from './cli-config.ts'
import type { Program } from './new-program.ts'
import { watchful } from './watchful-fetch.ts'

/** What a command works with. */
export interface Session {
  readonly lake: LakeClient
  readonly json: boolean
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal
  /** A bar that moves makes sense. */
  readonly lively: boolean
  readonly print: (text: string) => void
  /** For people only: what programs read stays clean of it. */
  readonly note: (text: string) => void
}

/** Asks for nothing until somebody uses it. */
export type Sessions = () => Promise<Session>

export function sessionsOf(program: Program, signal: AbortSignal): Sessions {
  return async () => {
    const { json = false, ...options } = program.opts()
    const { plain, ...place } = readCliConfig(options)
    // It takes a tenth of a second to load, which help, doctor and backup do without.
    const { waitForAnswers } = await import('./wait-for-answers.ts')
    waitForAnswers()
    return {
      lake: new LakeClient({ url: place.url, fetch: watchful(place.url), ...(place.key !== undefined && { key: place.key }) }),
      json,
      signal,
      lively: process.stderr.isTTY === true && !plain && !json,
      print: text => process.stdout.write(`${text}\n`),
      note: text => {
        if (!json) process.stderr.write(`${text}\n`)
      },
    }
  }
}
