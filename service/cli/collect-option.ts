/** For an option that may be there more than once. */
export function collect(value: string, before: string[] | undefined): string[] {
  return [...(before ?? []), value]
}
