import { InvalidArgumentError } from '@commander-js/extra-typings'

/** @throws InvalidArgumentError that commander shows with the option's name */
export function positiveInteger(text: string): number {
  const number = Number(text)
  if (!/^\d+$/.test(text) || number < 1 || !Number.isSafeInteger(number)) throw new InvalidArgumentError('Use a whole number from 1 on.')
  return number
}
