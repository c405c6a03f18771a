import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { postgresEvents } from '../../constructs/log-pipelines.ts'
import { collect } from './collect.ts'
import { count, countCalls } from './count-entries.ts'

const folder = 'test/constructs/log-samples'
const versions = readdirSync(folder).flatMap(name => /^postgres-(\d+)\.log$/.exec(name)?.[1] ?? [])

it('there are recordings of the versions before the lake’s own', () => {
  expect(versions).toEqual(['15', '16', '17'])
})

describe.each(versions)('what PostgreSQL %s has logged', version => {
  const read = (ending: string) => readFileSync(join(folder, `postgres-${version}.${ending}`), 'utf8').trimEnd()
  const provoked: { events: Record<string, number>; calls: Record<string, number> } = JSON.parse(read('json'))
  const entries = collect(read('log'))

  it('is counted as often as it was made to do it', () => {
    const { autovacuum, ...counted } = count(entries.map(({ labels }) => labels.event))
    expect(autovacuum).toBeGreaterThan(0)
    expect(counted).toEqual(provoked.events)
    expect(countCalls(entries)).toEqual(provoked.calls)
  })

  it('has every event, each report in one entry with its level', () => {
    const seen = new Set(entries.map(({ labels }) => labels.event))
    expect(postgresEvents.map(({ name }) => name).filter(name => !seen.has(name))).toEqual([])
    expect(entries.filter(({ labels }) => !labels.level)).toEqual([])
    expect(entries.map(({ line }) => line).join('\n')).toBe(read('log'))
  })
})
