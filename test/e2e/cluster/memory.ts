import { fields, list } from '../../../constructs/manifest.ts'
import type { Kubectl } from './kubectl.ts'

/** The memory that each pod of these namespaces works with, in MiB, as the kubelets count it for their limits. */
export function memoryOfPods(kubectl: Kubectl, namespaces: readonly string[]): ReadonlyMap<string, number> {
  const nodes = kubectl.items(['nodes']).map(({ metadata }) => String(fields(metadata).name))
  const pods = nodes.flatMap(node =>
    list(fields(JSON.parse(kubectl.run(['get', '--raw', `/api/v1/nodes/${node}/proxy/stats/summary`]))).pods),
  )
  return new Map(
    pods
      .map(fields)
      .filter(({ podRef }) => namespaces.includes(String(fields(podRef).namespace)))
      .map(({ podRef, containers }) => {
        const bytes = list(containers).reduce<number>((sum, one) => sum + Number(fields(fields(one).memory).workingSetBytes ?? 0), 0)
        return [String(fields(podRef).name), Math.round(bytes / 1_048_576)]
      }),
  )
}
