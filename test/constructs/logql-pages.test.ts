import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { logQuestions } from '../../constructs/commands/log-questions.ts'
import { checkLogql } from '../../constructs/logql/check-logql.ts'

const pages = readdirSync('docs', { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.md'))
const queries = pages.flatMap(page =>
  [...readFileSync(join('docs', page), 'utf8').matchAll(/```logql\n(.*?)\n```/gs)].map(([, query = '']) => ({ page, query })),
)

describe('the queries of the documentation', () => {
  it('are many', () => {
    expect(queries.filter(({ page }) => page === 'logql.md').length).toBeGreaterThan(15)
    expect(queries.filter(({ page }) => page.startsWith('runbooks')).length).toBeGreaterThan(20)
  })

  it.each(queries)('$page: $query', ({ query }) => {
    expect(checkLogql(query, 'panel')).toEqual([])
  })
})

it('docs/logql.md names every question of `npm run logs`', () => {
  const text = readFileSync('docs/logql.md', 'utf8')
  expect(Object.keys(logQuestions).filter(word => !text.includes(`\`${word}\``))).toEqual([])
})
