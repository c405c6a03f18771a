import type { components, paths } from '../../client/api-types.ts'
import { ask, askJson } from './ask.ts'

export type Engines = paths['/v1/engines']['get']['responses'][200]['content']['application/json']
export type QueueEntry = components['schemas']['QueueEntry']
export type MaintenanceRun = components['schemas']['MaintenanceRun']
export type MaintenanceRequest = components['schemas']['MaintenanceRequest']
export type Key = components['schemas']['Key']
export type NewKey = components['schemas']['NewKey']
export type LineageGraph = components['schemas']['LineageGraph']
export type Readiness = components['schemas']['Readiness']

export function readEngines(signal: AbortSignal): Promise<Engines> {
  return askJson('/v1/engines', { signal })
}

/** Each check of what the service stands on. Also an answer when it is not ready. @throws ProblemError */
export function readReadiness(signal: AbortSignal): Promise<Readiness> {
  return askJson('/readyz?verbose', { signal })
}

export function listQueues(signal: AbortSignal): Promise<{ readonly queues: readonly QueueEntry[] }> {
  return askJson('/v1/queue', { signal })
}

export function listRuns(signal: AbortSignal): Promise<{ readonly runs: readonly MaintenanceRun[] }> {
  return askJson('/v1/maintenance?limit=30', { signal })
}

/** Begins a run, and waits a moment for its end. */
export function beginRun(task: string, request: MaintenanceRequest): Promise<MaintenanceRun> {
  return askJson(`/v1/maintenance/${task}`, { method: 'POST', body: JSON.stringify(request), headers: { prefer: 'wait=2' } })
}

/** The run, when it has ended or after a while. */
export function lookAtRun(id: string, signal: AbortSignal): Promise<MaintenanceRun> {
  return askJson(`/v1/maintenance/runs/${id}`, { headers: { prefer: 'wait=10' }, signal })
}

export async function listKeys(signal: AbortSignal): Promise<readonly Key[]> {
  const keys: Key[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: { readonly keys: readonly Key[]; readonly next: string | null } = await askJson(
      `/v1/keys?limit=999${cursor === '' ? '' : `&cursor=${cursor}`}`,
      { signal },
    )
    keys.push(...page.keys)
    cursor = page.next
  }
  return keys
}

/** @returns the key itself: nobody can read it again */
export function makeKey(body: NewKey): Promise<Key & { readonly key: string }> {
  return askJson('/v1/keys', { method: 'POST', body: JSON.stringify(body) })
}

export async function revokeKey(id: string): Promise<void> {
  await ask(`/v1/keys/${id}`, { method: 'DELETE' })
}

/** @param dataset `schema.table`, parts in quotes where they have dots. @param namespace of another system; of this lake if it is missing */
export function readLineage(dataset: string, namespace: string | undefined, signal: AbortSignal): Promise<LineageGraph> {
  const query = new URLSearchParams({ dataset, ...(namespace !== undefined && { namespace }) })
  return askJson(`/v1/lineage?${query}`, { signal })
}
