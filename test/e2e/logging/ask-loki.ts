import type { Entry } from '../../../constructs/log-pipeline/run-pipeline.ts'
import { fields, list } from '../../../constructs/manifest.ts'

const hourNs = 3_600_000_000_000n

/** Questions to a Loki. Each throws with Loki's own words where it refuses one. */
export class AskLoki {
  constructor(private readonly url: string) {}

  /** The sum of an instant query's values. */
  async total(query: string): Promise<number> {
    const result = await this.get('query', { query, time: `${Date.now() + 1_000}000000` })
    return list(result).reduce<number>((sum, series) => sum + Number(list(fields(series).value)[1]), 0)
  }

  /** Lines of the last hour, or of another time, as they came. Labels and metadata are one to a reader. */
  async entries(query: string, [from, to] = lastHour()): Promise<readonly Pick<Entry, 'line' | 'labels'>[]> {
    const result = await this.get('query_range', { query, start: `${from}`, end: `${to}`, limit: '5000', direction: 'forward' })
    return list(result).flatMap(stream =>
      list(fields(stream).values).map(value => ({ line: String(list(value)[1]), labels: strings(fields(fields(stream).stream)) })),
    )
  }

  async labelNames(): Promise<readonly unknown[]> {
    const [start, end] = lastHour()
    return list(await this.get('labels', { start: `${start}`, end: `${end}` }))
  }

  /** The names of the rules that the ruler has loaded. */
  async rules(): Promise<readonly string[]> {
    const response = await fetch(`${this.url}/prometheus/api/v1/rules`)
    const groups = list(fields(fields(await response.json()).data).groups)
    return groups.flatMap(group => list(fields(group).rules).map(rule => String(fields(rule).name)))
  }

  async push(labels: Readonly<Record<string, string>>, lines: readonly (readonly [bigint, string])[]): Promise<void> {
    const streams = [{ stream: labels, values: lines.map(([time, line]) => [`${time}`, line]) }]
    await this.post('/loki/api/v1/push', JSON.stringify({ streams }))
  }

  /** Writes what is in memory to the store, where alone old lines are looked for. */
  async flush(): Promise<void> {
    await this.post('/flush', '')
  }

  private async post(path: string, body: string): Promise<void> {
    const response = await fetch(this.url + path, { method: 'POST', body, headers: { 'content-type': 'application/json' } })
    if (!response.ok) throw new Error(`Loki answers ${response.status} to ${path}: ${await response.text()}`)
  }

  private async get(what: string, question: Readonly<Record<string, string>>): Promise<unknown> {
    const response = await fetch(`${this.url}/loki/api/v1/${what}?${new URLSearchParams(question)}`)
    const answer = await response.text()
    if (!response.ok) throw new Error(`Loki refuses ${question.query ?? what}: ${answer.trim()}`)
    const { data } = fields(JSON.parse(answer))
    return Array.isArray(data) ? data : fields(data).result
  }
}

function lastHour(): readonly [bigint, bigint] {
  const now = BigInt(Date.now()) * 1_000_000n
  return [now - hourNs, now + 60_000_000_000n]
}

function strings(values: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]))
}
