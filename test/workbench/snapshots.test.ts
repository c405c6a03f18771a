import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { restoreSql } from '../../service/workbench/views/snapshots/restore-sql.ts'
import { callService } from '../service/call-service.ts'
import type { Service } from '../service/start-service.ts'
import { assertAccessible } from './assert-accessible.ts'
import { describeInBrowser } from './describe-in-browser.ts'
import { openForEach } from './open-for-each.ts'
import { type Person, patience } from './person.ts'

/** Version 1 is that of the example table. */
const statements = [
  `CREATE TABLE items AS SELECT * FROM (VALUES (1, 'one', 1.5::DOUBLE), (2, 'two', 2.5), (3, 'three', 3.5)) AS t(id, name, price)`,
  `INSERT INTO items VALUES (4, '<img src=x onerror=alert(1)>', 4)`,
  'UPDATE items SET price = 9 WHERE id = 1',
  'DELETE FROM items WHERE id = 3',
  'ALTER TABLE items RENAME COLUMN name TO "<b>title</b>"',
  'CREATE TABLE "<img src=x onerror=alert(1)> 😀 שלום" AS SELECT 1 AS one',
]

describeInBrowser('the versions of the lake', path => {
  let service: Service
  let page: Page
  let person: Person
  openForEach(path, {
    served: async given => {
      service = given
      const call = callService(given)
      for (const sql of statements) expect(await call('POST', '/v1/statements', { sql })).toMatchObject({ status: 200 })
    },
    opened: given => {
      page = given.page
      person = given.person
    },
  })

  const line = (version: number) =>
    page.getByRole('option').filter({ has: page.locator('.version', { hasText: new RegExp(`^${version}$`) }) })
  const difference = () => page.getByRole('grid', { name: 'Rows that are different' })

  it('are in a line, and one is queried in two clicks', async () => {
    await page.getByRole('link', { name: 'Versions' }).click()
    await expect.poll(() => line(4).textContent(), patience).toContain('+1 −1 rows')
    expect(await line(7).textContent()).toContain('<img src=x onerror=alert(1)> 😀 שלום')
    await line(2).click()
    await page.getByRole('button', { name: 'Query as of 2' }).click()
    await person.sees(2, ['3', 'three', '3.5'])
    expect(await page.getByRole('toolbar', { name: 'Statement' }).getByRole('textbox').inputValue()).toBe('2')
  })

  it('show the difference of two: its rows and its columns', async () => {
    await page.getByRole('treeitem', { name: 'items' }).hover()
    await page.getByRole('treeitem', { name: 'items' }).getByRole('button', { name: 'Versions' }).click()
    await line(2).click()
    await line(6).click({ modifiers: ['Shift'] })
    await difference().waitFor()
    expect(await page.getByRole('heading', { name: 'items: version 2 → 6' }).count()).toBe(1)
    expect(await page.getByText('1 row came, 1 row went, 1 row changed.').count()).toBe(1)
    expect(await page.getByRole('list', { name: 'Columns' }).textContent()).toBe('~ name → <b>title</b> VARCHAR')
    const cells = (row: number) => difference().locator(`[role=gridcell][data-row="${row}"]`).allTextContents()
    await expect
      .poll(async () => [await cells(0), await cells(1), await cells(2)], patience)
      .toEqual([
        ['~ changed', '1', 'one', '1.5 → 9'],
        ['− went', '3', 'three', '3.5'],
        ['+ came', '4', '<img src=x onerror=alert(1)>', '4'],
      ])
    await assertAccessible(page)
  })

  it('say of two which tables were changed in between', async () => {
    await page.getByRole('link', { name: 'Versions' }).click()
    await line(6).click()
    await line(1).click({ modifiers: ['Shift'] })
    await page.getByText('1 table changed in between.').waitFor()
    await page.getByRole('button', { name: 'Compare', exact: true }).click()
    await page.getByText('The earlier version does not have the table.').waitFor()
    expect(await page.getByText('3 rows came.').count()).toBe(1)
  })

  it('go by keyboard alone, and a restore is a statement that waits', async () => {
    const item = page.getByRole('treeitem', { name: 'items' })
    await item.focus()
    await page.keyboard.press('v')
    await line(6).waitFor()
    await page.getByRole('listbox').focus()
    await page.keyboard.press('End')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Version 2' }).waitFor()
    await page.getByRole('button', { name: 'Restore' }).focus()
    await page.keyboard.press('Enter')
    const { editor } = person
    await expect.poll(() => editor.textContent(), patience).toContain('CREATE OR REPLACE TABLE items AS')
    expect(await callService(service)('GET', '/v1/snapshots?limit=1')).toMatchObject({ body: { snapshotId: '7' } })
    await page.keyboard.press('Alt+e')
    await expect.poll(() => page.evaluate('document.activeElement.className'), patience).toBe('editor')
    await page.keyboard.press('Control+Enter')
    await person.hears('version 8')
    const { body } = await callService(service)('GET', '/v1/tables/main/items/diff?from=2&to=8')
    expect(body).toMatchObject({ insertedCount: '0', deletedCount: '0', columns: { added: [], removed: [], changed: [] } })
  })

  it('lead from a table that is gone back to it', async () => {
    await callService(service)('POST', '/v1/statements', { sql: 'CREATE TABLE gone AS SELECT 42 AS answer' })
    const { body } = await callService(service)('POST', '/v1/statements', { sql: 'DROP TABLE gone' })
    await page.getByRole('link', { name: 'Versions' }).click()
    await line(Number(body.snapshotId)).click()
    await page.getByRole('button', { name: `Query as of ${body.snapshotId - 1}` }).click()
    await person.sees(0, ['42'])
  })

  it('say what is wrong with an address, and go on', async () => {
    await page.goto(`${service.url}/#/snapshots?table=nothing`)
    await page.getByRole('alert').getByText('There is no table main.nothing').waitFor()
    await page.getByRole('combobox', { name: 'Versions of' }).selectOption('the whole lake')
    await line(1).waitFor()
    await page.goto(`${service.url}/#/snapshots?version=999`)
    await page.getByText('Version 999 is not in this time line').waitFor()
    await assertAccessible(page)
  })

  it('may be thousands, of which those in sight are on the page', async () => {
    // Made up on the way to the page: a lake with so many of them takes minutes to write.
    const all = Array.from({ length: 5_000 }, (_, index) => 4_999 - index)
    await page.route('**/v1/snapshots?**', async route => {
      const query = new URL(route.request().url()).searchParams
      const before = Number(query.get('before') ?? 5_000)
      const found = all.filter(id => id < before).slice(0, Number(query.get('limit')))
      const snapshots = found.map(id => ({
        snapshotId: `${id}`,
        at: '2026-06-01T06:00:00Z',
        schemaVersion: '1',
        message: `write ${id}`,
        tables: [],
      }))
      await route.fulfill({ json: { snapshotId: '4999', snapshots, next: found.at(-1) ? `${found.at(-1)}` : null } })
    })
    await page.goto(`${service.url}/#/snapshots?version=2500`)
    await page.getByRole('option', { name: 'write 2500', selected: true }).waitFor()
    expect(await page.getByRole('option').count()).toBeLessThan(60)
  })
})

describe('the statement that restores a table', () => {
  it('makes a table again that is gone', () => {
    const sql = restoreSql({ schema: 'other', table: 'gone', version: '3', at: '2026-06-01T06:00:00Z', isThere: false })
    expect(sql).toMatch(/\nCREATE TABLE other\.gone AS\nFROM other\.gone AT \(VERSION => 3\)$/)
  })

  it('stays a comment and one statement, whatever the name is', () => {
    const sql = restoreSql({ schema: 'main', table: 'a\nDROP TABLE b;\r--"', version: '3', isThere: true })
    const quoted = '"a\nDROP TABLE b;\r--"""'
    expect(sql.endsWith(`\nCREATE OR REPLACE TABLE ${quoted} AS\nFROM ${quoted} AT (VERSION => 3)`)).toBe(true)
    const comments = sql.slice(0, sql.indexOf('\nCREATE')).split(/[\r\n]/)
    expect(comments.every(each => each.startsWith('-- '))).toBe(true)
  })
})
