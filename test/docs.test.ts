import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type Version, versions } from '../constructs/versions.ts'
import { errors } from '../service/errors.ts'
import { lakeSettings } from '../service/lake-settings.ts'
import { numberSettings, textSettings } from '../service/settings.ts'
import { changeableSettings } from '../service/store/changeable-settings.ts'

/** The rows of the table under a heading, as lists of cells. */
function table(file: string, heading: string): string[][] {
  const section =
    readFileSync(file, 'utf8')
      .split(/^## /m)
      .find(text => text.startsWith(heading)) ?? ''
  return [...section.matchAll(/^\| (.*) \|$/gm)].slice(2).map(([, row]) => (row ?? '').split(' | '))
}

describe('docs/service.md', () => {
  it('lists the error codes with their status, every one and no other', () => {
    const listed = table('docs/service.md', 'Errors').map(([code, status]) => [code, status])
    expect(listed).toEqual(Object.entries(errors).map(([code, { status }]) => [`\`${code}\``, `${status}`]))
  })

  it('lists the settings with default and reason, every one and no other', () => {
    const known = Object.entries({ ...textSettings, ...numberSettings }).map(([name, setting]) => [
      `\`${name}\``,
      setting.default === '' ? '–' : `\`${setting.default}\``,
      setting.why,
    ])
    expect(table('docs/service.md', 'Settings').sort()).toEqual(known.sort())
  })

  it('lists what can be changed at run time, every one and no other', () => {
    const known = Object.entries(changeableSettings).map(([name, setting]) => [`\`${name}\``, `\`${setting.default}\``, setting.why])
    expect(table('docs/service.md', 'Switches and numbers at run time')).toEqual(known)
  })

  it('lists the settings of a lake on S3 and PostgreSQL, every one and no other', () => {
    const known = Object.entries(lakeSettings).map(([name, setting]) => {
      const value = 'default' in setting ? setting.default && `\`${setting.default}\`` : 'required'
      return [`\`${name}\``, value || '–', setting.why]
    })
    expect(table('docs/service.md', 'A lake on S3').filter(([name]) => name?.startsWith('`'))).toEqual(known)
  })
})

it('docs/architecture.md names only files that there are, and walks in ten steps or fewer', () => {
  const text = readFileSync('docs/architecture.md', 'utf8')
  const files = readdirSync('service', { recursive: true, encoding: 'utf8' })
  const named = [...text.matchAll(/`([\w/-]+\.ts)`/g)].map(([, name = '']) => name.replace(/^service\//, ''))
  expect(named.length).toBeGreaterThan(20)
  expect(named.filter(name => !files.some(file => file === name || file.endsWith(`/${name}`)))).toEqual([])
  expect([...text.matchAll(/^\d+\. /gm)].length).toBeLessThanOrEqual(10)
})

describe('README.md', () => {
  it('lists every version with its source and end of life', () => {
    const known = Object.values(versions).flatMap(group =>
      Object.values<Version>(group).map(({ version, source, endOfLife }) => [version, `\`${source}\``, endOfLife ?? '–']),
    )
    const listed = table('README.md', 'What it is made of').map(([, version, source, endOfLife]) => [version, source, endOfLife])
    expect(listed.sort()).toEqual(known.sort())
  })

  it('names only commands that there are', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'))
    const named = [...readFileSync('README.md', 'utf8').matchAll(/npm run ([a-z]+)/g)].map(([, name]) => name ?? '')
    expect(named.filter(name => !(name in scripts))).toEqual([])
  })
})
