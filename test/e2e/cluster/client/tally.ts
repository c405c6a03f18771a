export interface TallyReport {
  readonly sent: number
  /** Tries that nobody answered or that were refused, by reason: one request can have several. */
  readonly failedTries: Readonly<Record<string, number>>
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
  private readonly tries = new Map<string, number>()
  private readonly lost = new Map<string, number>()
  private readonly durations: number[] = []
  private lastAnswer = performance.now()
  private longestGap = 0

  send(): void {
    this.sent++
  }

  failTry(reason: string): void {
    this.tries.set(reason, (this.tries.get(reason) ?? 0) + 1)
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
      failedTries: Object.fromEntries(this.tries),
      failed: Object.fromEntries(this.lost),
      p50Ms: at(0.5),
      p99Ms: at(0.99),
      maxMs: at(1),
      longestGapMs: Math.round(this.longestGap),
    }
  }
}
