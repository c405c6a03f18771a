import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { callService } from '../service/call-service.ts'
import type { Service } from '../service/start-service.ts'
import { describeInBrowser } from './describe-in-browser.ts'
import { openForEach } from './open-for-each.ts'
import { type Person, patience } from './person.ts'

describeInBrowser('what is found', path => {
  let service: Service
  let page: Page
  let person: Person
  openForEach(path, {
    served: given => {
      service = given
    },
    opened: given => {
      page = given.page
      person = given.person
    },
  })

  it('in the history is what was asked, and opens as it was asked', async () => {
    await service.query({
      sql: 'SELECT $least::DATE AS day, count(*) FROM rides',
      params: { least: { type: 'DATE', value: '2026-06-01' } },
      asOf: { version: 1 },
    })
    await service.query('SELECT nope FROM rides')
    // It is written within a second.
    const call = callService(service)
    await expect.poll(async () => (await call('GET', '/v1/queries?search=nope')).body.queries.length, patience).toBe(1)
    await page.getByRole('link', { name: 'History' }).click()
    await page.getByRole('listitem').filter({ hasText: 'SELECT nope' }).getByText('Referenced column "nope"').waitFor()
    await page.getByRole('searchbox', { name: 'Statements with' }).fill('least::date')
    await expect.poll(() => page.getByRole('button', { name: 'Open' }).count(), patience).toBe(1)
    await page.getByRole('button', { name: 'Open' }).click()
    await page.getByRole('textbox', { name: '$least' }).waitFor()
    expect(await page.getByRole('textbox', { name: '$least' }).inputValue()).toBe('2026-06-01')
    expect(await page.getByRole('textbox', { name: 'as of' }).inputValue()).toBe('1')
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await person.sees(0, ['2026-06-01', '500'])
  })

  it('by a few letters is a table, something to do, and what was asked before', async () => {
    const find = async (text: string) => {
      await page.keyboard.press('Control+k')
      await page.getByRole('combobox', { name: 'Find' }).fill(text)
    }
    await find('rid')
    await page.getByRole('option', { name: 'rides Table' }).waitFor()
    await page.keyboard.press('Enter')
    await person.sees(0, ['1'])
    await find('new query')
    await page.keyboard.press('Enter')
    await page.getByRole('tab', { name: 'New query', selected: true }).waitFor()
    await find('from rides limit')
    await page.getByRole('option', { name: 'Asked before' }).first().click()
    await page.getByRole('textbox', { name: 'SQL' }).getByText('LIMIT').waitFor()
  })

  it('in a column is counted', async () => {
    await person.run("SELECT fares, CASE WHEN ride_id > 100 THEN 'late' END AS fares FROM rides")
    await person.sees(0, ['114.80', 'NULL'])
    await person.grid.focus()
    for (const key of ['ArrowUp', 'ArrowRight', 'Enter']) await page.keyboard.press(key)
    const dialog = page.getByRole('dialog', { name: 'fares' })
    await dialog.getByText('100 (20 %)').waitFor()
    await dialog.getByRole('row', { name: 'late 400' }).waitFor()
    await person.leaveDialog()
    for (const key of ['ArrowLeft', 'Enter']) await page.keyboard.press(key)
    await dialog.getByText('How the values are spread').waitFor()
    const bars = await dialog.getByRole('cell').allTextContents()
    expect(bars.reduce((sum, count) => sum + Number(count), 0)).toBe(500)
    await person.leaveDialog()
    await page.keyboard.press('Delete')
    await page.getByRole('button', { name: 'Show 1 hidden column' }).waitFor()
  })
})
