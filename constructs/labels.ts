/** The labels every object carries. @see https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/ */
export const requiredLabels = ['app.kubernetes.io/name', 'app.kubernetes.io/instance', 'app.kubernetes.io/part-of'] as const

/** The two labels that select pods. They never change: a selector is immutable once its workload exists. */
export function selectorLabels(name: string, instance = name): Record<string, string> {
  return { 'app.kubernetes.io/name': name, 'app.kubernetes.io/instance': instance }
}

export function labels(name: string, instance = name): Record<string, string> {
  return { ...selectorLabels(name, instance), 'app.kubernetes.io/part-of': 'ducklake-platform' }
}
