import { signal } from '@preact/signals'
import { type Problem, toProblem } from '../../api/ask.ts'
import { listSnapshots, type Snapshot, type TableOf } from '../../api/snapshots.ts'

/** Versions that are fetched at once. */
const pageSize = 200

/** Versions that are loaded to come to one. */
const maxAhead = 5_000

/** The versions of the lake, or of a table, as far as they have been looked at: more come with each page. */
export class TimeLine {
  readonly snapshots = signal<readonly Snapshot[]>([])
  readonly loading = signal(false)
  readonly problem = signal<Problem | undefined>(undefined)
  /** The newest version of the lake, whoever made it. */
  readonly newest = signal<string | undefined>(undefined)
  private next: string | null | undefined
  private coming: Promise<void> | undefined

  constructor(readonly of: TableOf | undefined) {}

  /** Whether all of them are here. */
  get whole(): boolean {
    return this.next === null
  }

  /** The next page, if there is one; whoever asks while it is on its way gets the same. */
  more(): Promise<void> {
    if (this.whole) return Promise.resolve()
    this.coming ??= this.load().finally(() => {
      this.coming = undefined
    })
    return this.coming
  }

  private async load(): Promise<void> {
    this.loading.value = true
    try {
      const { snapshots, next, snapshotId } = await listSnapshots(this.of, this.next ?? undefined, pageSize)
      this.newest.value ??= snapshotId
      this.next = next
      this.snapshots.value = [...this.snapshots.peek(), ...snapshots]
      this.problem.value = undefined
    } catch (error) {
      this.problem.value = toProblem(error)
    } finally {
      this.loading.value = false
    }
  }

  /** A version of this line. One that is near is loaded with all before it, so that the line shows it; one that is far, alone. */
  async find(id: string): Promise<Snapshot | undefined> {
    if (this.snapshots.peek().length === 0) await this.more()
    const isFar = Number(this.newest.peek() ?? id) - Number(id) > maxAhead
    while (!isFar && !this.reaches(id)) await this.more()
    const found = this.snapshots.peek().find(({ snapshotId }) => snapshotId === id)
    if (found || !isFar) return found
    const { snapshots } = await listSnapshots(this.of, String(BigInt(id) + 1n), 1)
    return snapshots.find(({ snapshotId }) => snapshotId === id)
  }

  /** Whether there is no use in loading more for it. */
  private reaches(id: string): boolean {
    const last = this.snapshots.peek().at(-1)
    return this.whole || this.problem.peek() !== undefined || (last !== undefined && BigInt(last.snapshotId) <= BigInt(id))
  }
}
