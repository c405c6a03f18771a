import { signal } from '@preact/signals'
import { type Problem, toProblem } from '../../api/ask.ts'
import { listSnapshots, type Snapshot, type TableOf } from '../../api/snapshots.ts'

/** Versions that are fetched at once. */
const pageSize = 200

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

  /** Loads on until a version is here, or all are. */
  async find(id: string): Promise<Snapshot | undefined> {
    for (;;) {
      const found = this.snapshots.peek().find(({ snapshotId }) => snapshotId === id)
      if (found || this.whole || this.problem.peek() || BigInt(this.snapshots.peek().at(-1)?.snapshotId ?? id) < BigInt(id)) return found
      await this.more()
    }
  }
}
