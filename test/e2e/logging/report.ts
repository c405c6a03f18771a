/** What was checked, printed as it comes. */
export class Report {
  failures = 0
  private checks = 0

  check(holds: boolean, what: string, detail = ''): boolean {
    this.checks++
    if (!holds) this.failures++
    console.log(`${holds ? 'PASS' : 'FAIL'}  ${what}${detail && `  (${detail})`}`)
    return holds
  }

  end(): void {
    console.log(`${this.checks - this.failures} passed, ${this.failures} failed`)
  }
}
