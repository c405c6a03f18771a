/** What operators look at, by the name that the address has. */
export const parts = {
  now: 'Now',
  slow: 'Slow queries',
  storage: 'Storage',
  maintenance: 'Maintenance',
  keys: 'Keys',
  lineage: 'Lineage',
} as const
export type PartName = keyof typeof parts

export function isPart(name: string | null): name is PartName {
  return name !== null && name in parts
}
