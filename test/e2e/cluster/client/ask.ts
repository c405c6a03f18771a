import { text } from 'node:stream/consumers'

// Runs in a pod, without packages: sends requests one after another and writes what was answered. Standard input is a JSON array of them.

export interface Question {
  readonly url: string
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export interface Reply {
  /** 0: nobody answered, and `body` says why. */
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly ms: number
}

const questions: readonly Question[] = JSON.parse(await text(process.stdin))
const replies: Reply[] = []
for (const { url, ...request } of questions) {
  const began = performance.now()
  const ms = () => Math.round(performance.now() - began)
  try {
    const response = await fetch(url, { ...request, signal: AbortSignal.timeout(60_000) })
    const body = await response.text()
    replies.push({ status: response.status, headers: Object.fromEntries(response.headers), body, ms: ms() })
  } catch (error) {
    replies.push({ status: 0, headers: {}, body: String(error), ms: ms() })
  }
}
console.log(JSON.stringify(replies))
