/** A queue that serves its owners in turn, so that one with many entries does not push back one with a single entry. */
export class FairQueue<Entry> {
  private readonly waiting = new Map<string, Entry[]>()
  private size = 0

  get length(): number {
    return this.size
  }

  push(owner: string, entry: Entry): void {
    const own = this.waiting.get(owner)
    if (own) own.push(entry)
    else this.waiting.set(owner, [entry])
    this.size += 1
  }

  /** The longest waiting entry of the owner whose turn it is; that owner's next turn comes after all others'. */
  shift(): Entry | undefined {
    for (const [owner, [entry, ...rest]] of this.waiting) {
      this.waiting.delete(owner)
      if (rest.length > 0) this.waiting.set(owner, rest)
      this.size -= 1
      return entry
    }
    return undefined
  }

  /** @returns whether it was still waiting. */
  remove(owner: string, entry: Entry): boolean {
    const own = this.waiting.get(owner)
    const place = own?.indexOf(entry) ?? -1
    if (!own || place < 0) return false
    own.splice(place, 1)
    if (own.length === 0) this.waiting.delete(owner)
    this.size -= 1
    return true
  }

  clear(): readonly Entry[] {
    const all = [...this.waiting.values()].flat()
    this.waiting.clear()
    this.size = 0
    return all
  }
}
