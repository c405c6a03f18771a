import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { logQuestions, queryOf } from '../../constructs/commands/log-questions.ts'
import { panelsOf } from '../../constructs/dashboards/check-dashboard.ts'
import { dashboards } from '../../constructs/dashboards.ts'
import { ruleGroups } from '../../constructs/log-rules.ts'

const sources = readdirSync('service', { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.ts'))
  .map(name => readFileSync(join('service', name), 'utf8'))

const queries = [
  ...ruleGroups().flatMap(({ alerts, recordings }) => [...alerts, ...recordings].map(({ query }) => query)),
  ...dashboards().flatMap(dashboard => panelsOf(dashboard).flatMap(panel => panel.queries)),
  ...Object.values(logQuestions).map(question => queryOf(question)),
]

/** What a query looks for in the service's lines, and the fields that it reads there. */
const asked = queries.flatMap(query =>
  [...query.matchAll(/\|= (?:`"msg":"([^"]+)"`|"(an engine [^"]+)")/g)].map(([, quoted, plain]) => ({
    message: quoted ?? plain ?? '',
    fields: [...query.matchAll(/ (\w+)="\1"/g)].map(([, field = '']) => field).sort(),
  })),
)
const unique = [...new Map(asked.map(row => [JSON.stringify(row), row])).values()]

it('the service’s messages are looked for by many', () => {
  expect(new Set(unique.map(({ message }) => message)).size).toBeGreaterThan(5)
})

it.each(unique)('the service logs “$message” with $fields', ({ message, fields }) => {
  const logging = sources.filter(source => source.includes(`'${message}'`))
  expect(logging).toHaveLength(1)
  // pino writes the level itself.
  const missing = fields.filter(field => field !== 'level' && !new RegExp(`\\b${field}\\b`).test(logging[0] ?? ''))
  expect(missing).toEqual([])
})
