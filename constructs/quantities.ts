import { k8s } from 'cdk8s-plus-28'

/** `{ memory: '128Mi' }` as the typed objects want it. */
export function quantities(values: Readonly<Record<string, string>>): Record<string, k8s.Quantity> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, k8s.Quantity.fromString(value)]))
}
