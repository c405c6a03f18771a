import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { extensions, queue, type Version, versions } from '../../constructs/versions.ts'
import { pgmq } from '../../service/extensions/pgmq-sql.ts'

const all = Object.entries(versions).flatMap(([group, entries]) =>
  Object.entries<Version>(entries).map(([name, version]) => ({ name: `${group} ${name}`, ...version })),
)

/** Past its day and nobody has said why it stays. */
function overdue({ endOfLife, waiver }: Version, today: string): boolean {
  return endOfLife !== undefined && endOfLife <= today && !waiver
}

describe('every version', () => {
  it.each(all)('$name $version is maintained, or there is a reason', version => {
    expect(overdue(version, new Date().toISOString().slice(0, 10))).toBe(false)
    expect(version.waiver ?? 'a reason of a sentence').toMatch(/\w+ \w+ \w+/)
    if (version.endOfLife) expect(version.endOfLife).toMatch(/^\d{4}-\d{2}-\d{2}$/)
  })

  it('would be found on its last day', () => {
    const version = { version: '1', source: 'x', endOfLife: '2026-03-02' }
    expect(overdue(version, '2026-03-01')).toBe(false)
    expect(overdue(version, '2026-03-02')).toBe(true)
    expect(overdue({ ...version, waiver: 'Until its successor is here.' }, '2026-03-02')).toBe(false)
  })
})

it('the extensions are those of the DuckDB that the service runs', () => {
  const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8'))
  for (const { version } of Object.values(extensions)) expect(dependencies['@duckdb/node-api']).toBe(`${version}-r.5`)
})

it('PGMQ is the one that the migration installs', () => {
  expect(queue.pgmq).toEqual({ version: pgmq.version, source: pgmq.wheel })
})
