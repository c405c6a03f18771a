/** The service cannot start. The message is for the person who typed the command: what is wrong, where, what to do. */
export class StartupError extends Error {}

/** A variable of the environment is missing or wrong: another start will not help before somebody has changed it. */
export class SettingError extends StartupError {}

/** Of a program that could not do its work; 78 is what sysexits.h has for a configuration that is wrong. */
export function exitCodeOf(error: unknown): number {
  return error instanceof SettingError ? 78 : 1
}
