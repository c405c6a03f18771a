import { text } from '../../../constructs/manifest.ts'
import type { Question } from './client/ask.ts'
import { bodyOf } from './client-pod.ts'
import type { Run } from './run.ts'

/** The service's address in the cluster. */
export const serviceUrl = 'http://ducklake-service.ducklake.svc.cluster.local:8080'

/** The tables that the steps share: one that is uploaded, one that the load appends to. */
export const tables = { uploaded: 'e2e_readings', appended: 'e2e_appended' } as const

/** The administrator's key out of its Secret. */
export function adminKey({ kubectl }: Run): string {
  const words = ['get', 'secret', 'ducklake-admin-key', '--namespace=ducklake', '--output', 'jsonpath={.data.key}']
  return Buffer.from(kubectl.run(words), 'base64').toString()
}

/** A request of the administrator's. @param path behind the service's address */
export function question(run: Run, path: string, { headers, ...request }: Omit<Question, 'url'> = {}, url = serviceUrl): Question {
  return { url: url + path, ...request, headers: { authorization: `Bearer ${adminKey(run)}`, ...headers } }
}

/** A statement's rows, and the snapshot that they are of. */
export function query(run: Run, sql: string, asOf?: { readonly version: number }) {
  const body = JSON.stringify({ sql, ...(asOf && { asOf }) })
  const [reply] = run.client.ask([question(run, '/v1/query', { method: 'POST', body, headers: { 'content-type': 'application/json' } })])
  const { rows, snapshotId } = bodyOf(reply)
  return { rows: JSON.stringify(rows), snapshotId: text(snapshotId) ?? '' }
}
