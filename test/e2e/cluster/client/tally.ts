export interface TallyReport {
  readonly sent: number
  /** Not answered at the first try, by reason; who sends them again is answered. */
  readonly failedFirst: Readonly<Record<string, number>>
  /** Not answered however often they were sent, by reason. */
  readonly failed: Readonly<Record<string, number>>
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
  /** The longest time in which no request was answered. */
  readonly longestGapMs: number
}

/** What became of the requests of one kind. */
export class Tally {
  private sent = 0
  private readonly first = new Map<string, number>()
  private readonly lost = new Map<string, number>()
  private readonly durations: number[] = []
  private lastAnswer = performance.now()
  private longestGap = 0

  send(): void {
    this.sent++
  }

  failFirst(reason: string): void {
    this.first.set(reason, (this.first.get(reason) ?? 0) + 1)
  }

  fail(reason: string): void {
    this.lost.set(reason, (this.lost.get(reason) ?? 0) + 1)
  }

  answer(ms: number): void {
    this.durations.push(ms)
    const now = performance.now()
    this.longestGap = Math.max(this.longestGap, now - this.lastAnswer)
    this.lastAnswer = now
  }

  report(): TallyReport {
    const sorted = this.durations.sort((a, b) => a - b)
    const at = (share: number) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0)
    return {
      sent: this.sent,
      failedFirst: Object.fromEntries(this.first),
      failed: Object.fromEntries(this.lost),
      p50Ms: at(0.5),
      p99Ms: at(0.99),
      maxMs: at(1),
      longestGapMs: Math.round(this.longestGap),
    }
  }
}
