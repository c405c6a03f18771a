import type { Caller } from '../access/caller.ts'
import { ServiceError } from '../errors.ts'
import { storeEvents } from '../store/lineage-events.ts'
import { ownRunsOf } from '../store/lineage-runs.ts'
import type { Store } from '../store/store.ts'
import { isReadable } from './lineage-graph.ts'
import type { RunEvent } from './run-event.ts'

/** How deep an event may be nested: PostgreSQL and JSON itself have no end of their own that is an answer. */
const maxDepth = 100

/** Years that every program can compute with. */
const [firstYear, lastYear] = [1970, 9999]

/** Takes events of somebody else's runs: all or none. One that is known already is not stored again.
 * @returns how many were new. @throws ServiceError that names the event */
export async function takeEvents(
  store: Store,
  events: readonly RunEvent[],
  { id: keyId, grants }: Caller,
  requestId: string,
  lakeNamespace: string,
): Promise<number> {
  events.forEach((event, index) => {
    const fault = faultOf(event, lakeNamespace)
    if (fault !== undefined) throw new ServiceError('invalidRequest', `body/${index}${fault}`)
    const hidden = [...(event.inputs ?? []), ...(event.outputs ?? [])].find(
      dataset => dataset.namespace === lakeNamespace && !isReadable(dataset, grants, lakeNamespace),
    )
    if (hidden) throw new ServiceError('forbidden', `body/${index} names ${hidden.name}, which is no table that this key may read.`)
  })
  const [own] = await ownRunsOf(
    store.ask,
    events.map(({ run }) => run.runId),
  )
  if (own !== undefined) throw new ServiceError('conflict', `The run ${own} is one of this service, which tells of it itself.`)
  return storeEvents(
    store,
    events.map(event => ({ event, keyId, requestId })),
    { lakeNamespace, process: undefined, send: false },
  )
}

/** An hour that no place on earth has: PostgreSQL takes no time with 16 hours or more. */
const farOffset = /[+-](1[6-9]|2\d):\d\d$/

/** @returns where and what is wrong, beyond what the schema says */
function faultOf({ eventTime, job, ...rest }: RunEvent, lakeNamespace: string): string | undefined {
  const year = new Date(eventTime).getUTCFullYear()
  if (!(year >= firstYear && year <= lastYear)) return `/eventTime is ${eventTime}: use a time from ${firstYear} to ${lastYear}.`
  if (farOffset.test(eventTime)) return `/eventTime is ${eventTime}: use an offset within 15:59 hours, or Z.`
  if (job.namespace === lakeNamespace) return '/job/namespace is the one of this lake, whose jobs are its own: use one of yours.'
  return isDeep([job, rest], maxDepth) ? ` is nested deeper than ${maxDepth} levels.` : undefined
}

function isDeep(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some(each => isDeep(each, levels - 1))
}
