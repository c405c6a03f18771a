import { type Size, SizeRoundingBehavior } from 'cdk8s'

/** `20Gi`, or `512Mi` where it is no whole number of gibibytes. */
export function quantity(size: Size): string {
  const mebibytes = size.toMebibytes({ rounding: SizeRoundingBehavior.FLOOR })
  return mebibytes % 1024 === 0 ? `${mebibytes / 1024}Gi` : `${mebibytes}Mi`
}
