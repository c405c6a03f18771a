import { CommanderError } from '@commander-js/extra-typings'
import { LakeError, StrangeAnswerError, UnreachableError } from '../client/lake-error.ts'
import { SettingError } from '../startup-error.ts'

/** The command line does not say what to do. */
export class UsageError extends Error {}

/** Work was done, and what it found is not good: a check of the doctor for example. The message was printed already. */
export class FoundFault extends Error {
  constructor(
    message: string,
    readonly exitCode: number = exitCodes.refused,
  ) {
    super(message)
  }
}

/** What the `lake` command ends with; docs/cli.md has the same. */
export const exitCodes = {
  done: 0,
  refused: 1,
  usage: 2,
  unreachable: 3,
  setting: 78,
  interrupted: 130,
} as const

export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage
  if (error instanceof UsageError) return exitCodes.usage
  if (error instanceof FoundFault) return error.exitCode
  if (error instanceof SettingError) return exitCodes.setting
  if (error instanceof UnreachableError || error instanceof StrangeAnswerError) return exitCodes.unreachable
  return exitCodes.refused
}

/** For a program to decide by; of the service's own errors and the client's it is theirs. */
export function errorCodeOf(error: unknown): string {
  if (error instanceof LakeError) return error.code
  if (error instanceof UsageError || error instanceof CommanderError) return 'usage'
  if (error instanceof SettingError) return 'setting'
  return isOfFile(error) ? 'file' : 'internal'
}

/** @returns undefined for what is a mistake of the program itself, and for what commander has printed */
export function sentenceOf(error: unknown): string | undefined {
  if (error instanceof LakeError) return error.detail
  if (isOfFile(error)) return error.message
  return error instanceof UsageError || error instanceof SettingError ? error.message : undefined
}

/** Of a file, or a pipe: the message has its name and why it cannot be read or written. */
function isOfFile(error: unknown): error is Error {
  return error instanceof Error && 'syscall' in error
}
