import { InvalidArgumentError } from '@commander-js/extra-typings'

/** @throws InvalidArgumentError that commander shows with the option's name */
export function positiveInteger(text: string): number {
  const number = Number(text)
  if (!/^\d+$/.test(text) || number < 1 || !Number.isSafeInteger(number)) throw new InvalidArgumentError('Use a whole number from 1 on.')
  return number
}

/** For numbers that the service has a bound for. */
export function integerUpTo(most: number): (text: string) => number {
  return text => {
    const number = Number(text)
    if (!/^\d+$/.test(text) || number < 1 || number > most) throw new InvalidArgumentError(`Use a whole number from 1 to ${most}.`)
    return number
  }
}

/** The number of a version of the lake, which may have more digits than a JavaScript number keeps. @throws InvalidArgumentError */
export function versionNumber(text: string): string {
  if (!/^\d{1,18}$/.test(text)) throw new InvalidArgumentError('Use the number of a version: "lake snapshots" lists them.')
  return text
}
