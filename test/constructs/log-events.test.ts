import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { groupNames, hasMatch } from '../../constructs/log-pipeline/expression.ts'
import { fieldNames, type LogEvent } from '../../constructs/log-pipeline/log-event.ts'
import { firstLineOf } from '../../constructs/log-pipeline/postgres-report.ts'
import { postgresEvents } from '../../constructs/log-pipelines.ts'
import { ruleGroups } from '../../constructs/log-rules.ts'
import { collect, postgresTarget } from './collect.ts'

describe.each(postgresEvents)('$name', event => {
  const [entry, ...more] = collect(event.sample)
  it('is what its sample is, in one entry with its level', () => {
    expect(more).toEqual([])
    expect(entry?.line).toBe(event.sample)
    expect(entry?.labels).toMatchObject({
      event: event.name,
      level: /\t?(LOG|ERROR|FATAL): {2}/.exec(event.sample)?.[1] === 'LOG' ? 'info' : expect.any(String),
    })
  })

  it('is the only event that it is', () => {
    const [first = ''] = event.sample.split('\n')
    const fits = postgresEvents.filter(({ when }) => [when].flat().some(look => hasMatch(firstLineOf(look), first)))
    expect(fits.map(({ name }) => name).filter(name => name === event.name || name !== 'error')).toEqual([event.name])
  })

  it('finds its fields in the sample, and only fields that there are', () => {
    const known: readonly string[] = [...fieldNames, 'database']
    const names = event.fields ? groupNames(event.fields) : []
    expect(names.filter(name => !known.includes(name))).toEqual([])
    expect({ ...entry?.labels, ...entry?.metadata }).toMatchObject(
      Object.fromEntries(names.map(name => [name, expect.stringMatching(/./)])),
    )
    expect(Object.values(entry?.metadata ?? {})).not.toContain('')
  })
})

it('no two events have one name', () => {
  expect(new Set(postgresEvents.map(({ name }) => name)).size).toBe(postgresEvents.length)
})

it('docs/add-a-log-event.md adds one that works', async () => {
  const [, row] = readFileSync('docs/add-a-log-event.md', 'utf8').match(/```ts\n(\{.*?\n\})\n```/s) ?? []
  const { event }: { event: LogEvent } = await import(`data:text/javascript,export const event = ${encodeURIComponent(row ?? '')}`)
  const events = [event, ...postgresEvents]
  expect(collect(event.sample, postgresTarget, events)).toMatchObject([
    { labels: { event: 'cancelled_statement', level: 'error', database: 'catalog' }, metadata: { relation: 'ducklake_data_file' } },
  ])
  expect(collect(event.sample)).toMatchObject([{ labels: { event: 'error' } }])
  expect(ruleGroups(events).flatMap(({ alerts }) => alerts.map(({ name }) => name))).toContain('PostgresStatementTimeouts')
})
