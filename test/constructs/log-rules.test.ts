import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { LakeApp } from '../../constructs/lake-app.ts'
import type { LogEvent } from '../../constructs/log-pipeline/log-event.ts'
import { LogRules, type LogRulesProps, ruleGroups } from '../../constructs/log-rules.ts'
import { ManifestFile } from '../../constructs/manifest-file.ts'

function files(props: LogRulesProps = {}): Readonly<Record<string, string>> {
  return new LogRules(new ManifestFile(new LakeApp('test'), 'logging'), props).files
}

const alerts = ruleGroups().flatMap(group => group.alerts)

const event: LogEvent = {
  name: 'flood',
  when: { message: 'water' },
  sample: '',
  alert: { name: 'PostgresFlood', severity: 'critical', above: 3, within: '10m', for: '5m', summary: 'Wet.', runbook: 'postgres-flood' },
}

describe('rule files', () => {
  it('are three, and a fourth where metrics have somewhere to go', () => {
    expect(Object.keys(files())).toEqual(['service.yaml', 'postgres.yaml', 'logging.yaml'])
    expect(Object.keys(files({ records: true }))).toEqual(['service.yaml', 'postgres.yaml', 'logging.yaml', 'recordings.yaml'])
  })

  it('have an alert of each event that has one, with its page', () => {
    const { groups } = parse(
      files({ events: [event, { ...event, name: 'other', alert: undefined }], runbooks: 'https://pages' })['postgres.yaml'] ?? '',
    )
    expect(groups[0].rules.filter(({ alert }: { alert: string }) => alert === 'PostgresFlood')).toEqual([
      {
        alert: 'PostgresFlood',
        expr: 'sum by (namespace, app) (count_over_time({event="flood"}[10m])) > 3',
        for: '5m',
        labels: { severity: 'critical' },
        annotations: {
          summary: 'Wet.',
          description: '{{ $labels.namespace }}/{{ $labels.app }} logged {{ $value }} events "flood" within 10m; more than 3 is told.',
          runbook_url: 'https://pages/postgres-flood.md',
        },
      },
    ])
    expect(groups[0].rules.filter(({ expr }: { expr: string }) => expr.includes('other'))).toEqual([])
  })

  it('hold queries as blocks, which no `: ` within them ends', () => {
    const text = files({ records: true })['recordings.yaml'] ?? ''
    expect(text).toMatch(/expr: \|-\n +quantile_over_time\(0\.95, \{event="statement"\} \| regexp `duration: /)
    expect(text).not.toMatch(/expr: [^|]/)
  })

  it.each([
    [{ alert: { name: 'PostgresFlood', within: '10q' } }, "test/logging/rules: the alert PostgresFlood, LogQL's grammar stops at"],
    [{ alert: { name: 'postgres flood' } }, 'test/logging/rules: the alert "postgres flood" is called as no other: use PascalCase.'],
    [{ alert: { name: 'PostgresPanic' } }, 'test/logging/rules: the alert PostgresPanic stands twice in postgres: rename one.'],
  ])('with a mistake are not written: %j', ({ alert }, sentence) => {
    const wrong = JSON.parse(JSON.stringify({ ...event, alert: { ...event.alert, ...alert } }))
    expect(() => files({ events: [wrong] })).toThrow(sentence)
  })
})

describe('every alert', () => {
  it('has a page of its own, and every page an alert', () => {
    const kebab = (name: string) => name.replace(/(?<=.)[A-Z]/g, letter => `-${letter}`).toLowerCase()
    expect(alerts.map(({ name, runbook }) => [name, runbook])).toEqual(alerts.map(({ name }) => [name, kebab(name)]))
    expect(readdirSync('docs/runbooks').sort()).toEqual(['README.md', ...alerts.map(({ runbook }) => `${runbook}.md`)].sort())
  })

  it.each(alerts)('$name says what is wrong in a sentence, and where', ({ summary, description, query }) => {
    expect(summary).toMatch(/^[A-Z].* .*\.$/)
    if (query.startsWith('absent')) return
    expect(description).toMatch(/\{\{ \$labels\.namespace \}\}.*\{\{ \$value/)
    const grouped = /by \(([^)]+)\)/.exec(query)?.[1]?.split(', ') ?? []
    const named = [...description.matchAll(/\$labels\.(\w+)/g)].map(([, label = '']) => label)
    expect(named.filter(label => !grouped.includes(label))).toEqual([])
  })

  it.each(alerts)(
    '$name has a page that says what it means, what to ask first, what to do and when it is over',
    ({ name, runbook, severity }) => {
      const page = readFileSync(`docs/runbooks/${runbook}.md`, 'utf8')
      expect(page.startsWith(`# ${name}\n`)).toBe(true)
      expect(page).toContain(`Severity: ${severity}.`)
      expect([...page.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading)).toEqual(['Ask first', 'What to do', 'When to close'])
      expect(page).toMatch(/```logql\n\{/)
    },
  )
})
