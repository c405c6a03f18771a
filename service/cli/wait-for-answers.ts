import { Agent, install, setGlobalDispatcher } from 'undici'

/** Makes the `fetch` of this process wait for an answer, and between two pieces of one, for as long as it takes. Node's own gives up after
 * 300 s and has no published way to be told otherwise, while a write may take twice that (WRITE_TIMEOUT_MS); the service has the limits,
 * and `watchful` sees whether it is still there. */
export function waitForAnswers(): void {
  // Its fetch too: Node's does not take the agents of every other version.
  install()
  setGlobalDispatcher(new Agent({ headersTimeout: 0, bodyTimeout: 0 }))
}
