import { setTimeout as sleep } from 'node:timers/promises'
import type { TableName } from '../catalog/table-name.ts'
import { sameName } from '../engine/same-name.ts'
import { ServiceError } from '../errors.ts'
import type { WriteAnswer, WriteRequest } from './write-request.ts'

/** How long the first append of a group waits for others at the most. */
export const groupWaitMs = 20

/** A group that ended longer ago says nothing about how many write at once. */
const rememberMs = 100

/** Appends of one commit, and their bytes: what is larger goes by itself. */
const maxMembers = 256
const maxGroupBytes = 16_777_216

/** Appends that may wait for one table. */
const maxWaiting = 1_024

interface Member {
  readonly request: WriteRequest
  resolve(answer: WriteAnswer): void
  reject(error: unknown): void
}

interface TableQueue {
  readonly waiting: Member[]
  running: boolean
  /** How many took part the last time or came meanwhile, and when that ended. */
  last: { readonly members: number; readonly atMs: number }
}

/** What became of each member of a group, in their order. */
export type GroupAnswer = readonly (WriteAnswer | { readonly error: unknown })[]

/** Appends to a table that come at the same time, for one commit each time. While one is under way the next gather, so a table has one
 * at a time; a lone append waits for nobody. */
export class AppendGroups {
  private readonly tables = new Map<string, TableQueue>()

  /** @param commit appends a group; if it throws, all of the group failed. */
  constructor(private readonly commit: (table: TableName, members: readonly WriteRequest[]) => Promise<GroupAnswer>) {}

  /** Resolves when its group has been committed. @throws ServiceError */
  append(request: WriteRequest): Promise<WriteAnswer> {
    const name = JSON.stringify([sameName(request.table.schema), sameName(request.table.name)])
    const queue = this.tables.get(name) ?? { waiting: [], running: false, last: { members: 1, atMs: 0 } }
    if (queue.waiting.length >= maxWaiting)
      throw new ServiceError('tooManyQueries', `${maxWaiting} appends wait for this table already: try again in a second.`)
    this.tables.set(name, queue)
    return new Promise((resolve, reject) => {
      queue.waiting.push({ request, resolve, reject })
      if (!queue.running) this.serve(name, queue)
    })
  }

  private async serve(name: string, queue: TableQueue): Promise<void> {
    queue.running = true
    while (queue.waiting.length > 0) {
      await gather(queue)
      const group = takeGroup(queue.waiting)
      await this.run(group)
      queue.last = { members: group.length + queue.waiting.length, atMs: performance.now() }
      // Whoever was answered may write again at once.
      if (queue.waiting.length === 0) await new Promise(setImmediate)
    }
    queue.running = false
    this.forgetLater(name, queue)
  }

  private async run(group: readonly Member[]): Promise<void> {
    const wanted = group.filter(({ request, reject }) => {
      if (!request.signal?.aborted) return true
      reject(new ServiceError('queryCancelled', 'The write was cancelled while it waited.'))
      return false
    })
    const [first] = wanted
    if (!first) return
    try {
      const answers = await this.commit(
        first.request.table,
        wanted.map(({ request }) => request),
      )
      for (const [index, member] of wanted.entries()) {
        const answer = answers[index]
        if (answer && !('error' in answer)) member.resolve(answer)
        else member.reject(answer?.error)
      }
    } catch (error) {
      for (const { reject } of wanted) reject(error)
    }
  }

  private forgetLater(name: string, queue: TableQueue): void {
    setTimeout(() => {
      if (!queue.running && this.tables.get(name) === queue) this.tables.delete(name)
    }, rememberMs).unref()
  }
}

/** Waits for as many as there were the last time: who was answered then has to write again first. */
async function gather({ waiting, last }: TableQueue): Promise<void> {
  const began = performance.now()
  const expected = began - last.atMs < rememberMs ? last.members : 1
  while (waiting.length < expected && performance.now() - began < groupWaitMs) await sleep(1)
}

function takeGroup(waiting: Member[]): Member[] {
  let bytes = 0
  const size = waiting.findIndex(({ request }, index) => {
    bytes += request.source.bytes
    return index > 0 && (index >= maxMembers || bytes > maxGroupBytes)
  })
  return waiting.splice(0, size < 0 ? waiting.length : size)
}
