import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ChangedLake } from './changed-lake.ts'

/** How long a change is tried again that lost against another. */
const giveUpMs = 60_000

/** A table changed through a gateway, as any caller does it. */
export class HttpLake implements ChangedLake {
  /** How many runs ended well. */
  compactions = 0

  constructor(
    private readonly url: string,
    private readonly key: string,
    private readonly table: string,
  ) {}

  async append(writer: number, values: ReadonlyMap<number, number>): Promise<void> {
    const lines = [...values].map(([id, value]) => JSON.stringify({ writer, id, value }))
    await this.change(`/v1/tables/main/${this.table}/rows?mode=append`, 'application/x-ndjson', lines.join('\n'))
  }

  remove(writer: number, id: number): Promise<void> {
    return this.state(`DELETE FROM ${this.table} WHERE writer = ${writer} AND id = ${id}`)
  }

  update(writer: number, id: number, value: number): Promise<void> {
    return this.state(`UPDATE ${this.table} SET value = ${value} WHERE writer = ${writer} AND id = ${id}`)
  }

  recreate(): Promise<void> {
    return this.state(`CREATE OR REPLACE TABLE ${this.table} AS FROM ${this.table}`)
  }

  async compact(): Promise<void> {
    for (const [task, options] of [
      ['compact', {}],
      ['rewrite-deletes', { deletedPercent: 1 }],
    ] as const) {
      const text = await this.change(`/v1/maintenance/${task}`, 'application/json', JSON.stringify(options), { prefer: 'wait=60' })
      const { state, error }: { state: string; error: { code: string } | null } = JSON.parse(text)
      if (state === 'succeeded') this.compactions += 1
      // It waited for the table in vain: others were always at work.
      else if (error?.code !== 'tableBusy') throw new Error(`${task}: ${text}`)
    }
  }

  async read(writer: number): Promise<[number, number][]> {
    const text = await this.change('/v1/query', 'application/sql', `SELECT id, value FROM ${this.table} WHERE writer = ${writer}`)
    const { rows }: { rows: [number, number][] } = JSON.parse(text)
    return rows
  }

  private async state(sql: string): Promise<void> {
    await this.change('/v1/statements', 'application/sql', sql)
  }

  private async change(path: string, type: string, body: string, headers: Readonly<Record<string, string>> = {}): Promise<string> {
    const until = performance.now() + giveUpMs
    // The same for every try: what was done after all is not done twice.
    const idempotencyKey = randomUUID()
    for (;;) {
      const response = await fetch(this.url + path, {
        method: 'POST',
        headers: { authorization: `Bearer ${this.key}`, 'content-type': type, 'idempotency-key': idempotencyKey, ...headers },
        body,
      })
      const text = await response.text()
      if (response.ok) return text
      if (![409, 429].includes(response.status) || performance.now() > until) throw new Error(`${path}: ${response.status} ${text}`)
      await sleep(10 + Math.random() * 50)
    }
  }
}
