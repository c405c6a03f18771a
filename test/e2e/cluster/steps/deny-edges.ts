import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { enforcesPolicies } from '../enforcement.ts'
import type { Run } from '../run.ts'

const program = readFileSync(join(import.meta.dirname, '..', 'client', 'reach.ts'), 'utf8')

const [service, minio, postgres, loki] = [
  'ducklake-service.ducklake:8080',
  'minio.storage:9000',
  'postgres.storage:5432',
  'loki.logging:3100',
]

/** Who is not let in or out does not get through, where the cluster enforces NetworkPolicies; it says so where it does not. */
export async function denyEdges(run: Run): Promise<void> {
  const { kubectl, client, stranger, report } = run
  const fromService = (addresses: readonly string[]): readonly boolean[] => {
    const node = ['node', '--input-type=module-typescript', '-', JSON.stringify(addresses)]
    const words = ['exec', '--stdin', 'deploy/ducklake-service', '--container=service', '--namespace=ducklake', '--', ...node]
    return JSON.parse(kubectl.run(words, program))
  }
  const [allowed] = client.reach([service])
  report.check(allowed === true, 'the ingress controller’s namespace reaches the service')
  report.check(
    fromService([minio, postgres]).every(reached => reached),
    'the service reaches MinIO and PostgreSQL',
  )

  const denied = [
    ...edges('a stranger', [service, minio, postgres, loki], stranger.reach([service, minio, postgres, loki])),
    ...edges('the ingress controller’s namespace', [minio, postgres, loki], client.reach([minio, postgres, loki])),
    ...edges('the service', [loki], fromService([loki])),
  ]
  const open = denied.filter(({ reached }) => reached).map(({ edge }) => edge)
  const enforced = await enforcesPolicies(run, service)
  if (!enforced && open.length === denied.length)
    console.log(
      `skipped: this cluster enforces no NetworkPolicies, not even one of this step's own; all of ${denied.length} denied edges are open`,
    )
  else report.check(open.length === 0, `${denied.length} denied edges are denied`, open.join(', '))
}

function edges(from: string, addresses: readonly string[], reached: readonly boolean[]) {
  return addresses.map((address, index) => ({ edge: `${from} → ${address}`, reached: reached[index] === true }))
}
