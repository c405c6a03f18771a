import type { ChildProcess } from 'node:child_process'
import type { EngineLimits } from '../config.ts'
import type { EngineRequest } from '../engine/messages.ts'
import { startChild } from '../start-child.ts'

/** Starts an engine's process, which gets as far as it can without a lake. */
export function startEngineChild(limits: Pick<EngineLimits, 'dataLimitMb' | 'threads'>, extensionDir: string): ChildProcess {
  const child = startChild(new URL('../engine/engine.ts', import.meta.url), {
    dataLimitMb: limits.dataLimitMb,
    threads: limits.threads + 8,
  })
  // Whoever gives it a lake hears of it; until then nobody does.
  child.on('error', () => {})
  child.send({ kind: 'open', extensionDir } satisfies EngineRequest)
  return child
}
