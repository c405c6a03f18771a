import { ServiceError } from '../errors.ts'
import type { ParentRun } from './lineage-run.ts'

const form = /^(.+)\/([^/]+)\/([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})$/i

/** Letters of the header; it is in every event of the run. */
const maxLetters = 2_000

/** The run that a request belongs to, as its header `OpenLineage-Parent: <namespace>/<job>/<run id>` says: the form that the integrations of
 * Airflow and dbt pass on. A slash in the job's name is written %2F. @throws ServiceError invalidRequest */
export function parentRunOf(headers: Readonly<Record<string, unknown>>): ParentRun | undefined {
  const header = headers['openlineage-parent']
  if (header === undefined) return undefined
  const [, namespace, name, runId] = (typeof header === 'string' && header.length <= maxLetters && form.exec(header)) || []
  if (namespace === undefined || name === undefined || runId === undefined)
    throw new ServiceError(
      'invalidRequest',
      'OpenLineage-Parent is not of the form namespace/job/run id, the last a UUID: mend it or leave it out.',
    )
  return { namespace, name: decoded(name), runId }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
