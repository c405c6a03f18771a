/** One append as its caller knows it. */
export interface Entry {
  readonly writer: number
  readonly sequence: number
  readonly rows: number
  /** The snapshot that the answer named; missing while there is none, and for ever if its caller gave up. */
  snapshotId?: string
}

/** What the table holds of one append. */
export interface Found {
  readonly writer: number
  readonly sequence: number
  readonly rows: number
  readonly differentRows: number
  readonly snapshots: readonly string[]
}

export interface Verdict {
  readonly acknowledged: number
  /** Of those that nobody answered, how many are in the table all the same. */
  readonly unansweredButThere: number
  /** A sentence for each append that is not as it must be. */
  readonly wrong: readonly string[]
}

/** What was sent and what was answered, to be compared with what is there in the end. */
export class Ledger {
  private readonly entries: Entry[] = []

  add(entry: Entry): Entry {
    this.entries.push(entry)
    return entry
  }

  get acknowledged(): number {
    return this.entries.filter(({ snapshotId }) => snapshotId !== undefined).length
  }

  /** Acknowledged: there once, whole, in the snapshot that was named. Not acknowledged: whole, or not at all. */
  compare(table: readonly Found[]): Verdict {
    const there = new Map(table.map(found => [nameOf(found), found]))
    const wrong: string[] = []
    let unansweredButThere = 0
    for (const entry of this.entries) {
      const found = there.get(nameOf(entry))
      there.delete(nameOf(entry))
      if (!found) {
        if (entry.snapshotId !== undefined) wrong.push(`${nameOf(entry)} was acknowledged in ${entry.snapshotId} and is not there`)
        continue
      }
      if (entry.snapshotId === undefined) unansweredButThere += 1
      if (found.rows !== entry.rows || found.differentRows !== entry.rows)
        wrong.push(`${nameOf(entry)} has ${found.rows} rows, ${found.differentRows} of them different, instead of ${entry.rows}`)
      if (found.snapshots.length !== 1) wrong.push(`${nameOf(entry)} lies in the snapshots ${found.snapshots.join(', ')}`)
      else if (entry.snapshotId !== undefined && found.snapshots[0] !== entry.snapshotId)
        wrong.push(`${nameOf(entry)} was acknowledged in ${entry.snapshotId} and lies in ${found.snapshots[0]}`)
    }
    for (const name of there.keys()) wrong.push(`${name} is there, and nobody sent it`)
    return { acknowledged: this.acknowledged, unansweredButThere, wrong }
  }
}

function nameOf({ writer, sequence }: Pick<Entry, 'writer' | 'sequence'>): string {
  return `append ${sequence} of writer ${writer}`
}
