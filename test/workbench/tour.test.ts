import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import type { Service } from '../service/start-service.ts'
import { describeInBrowser } from './describe-in-browser.ts'
import { openForEach } from './open-for-each.ts'
import { type Person, patience } from './person.ts'

const endless = 'SELECT sum(a.range * b.range) FROM range(1000000) a, range(1000000) b'

describeInBrowser('the whole way through a query', path => {
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

  const choose = (role: 'button' | 'tab' | 'link', name: string) => page.getByRole(role, { name, exact: true }).click()

  it('by mouse', async () => {
    await page.getByRole('treeitem', { name: 'rides' }).hover()
    await choose('button', 'Show rows')
    await person.sees(0, ['1', '2026-06-01 06:23:00', 'Shipyard'])
    await person.cell(0, 2).dblclick()
    await page.getByRole('dialog', { name: 'from_station' }).getByText('8 characters').waitFor()
    await choose('button', 'Close')
    await choose('button', 'New query')
    await person.type('SELECT from_station, count(*) AS rides FROM rides WHERE minutes > $least GROUP BY ALL ORDER BY ALL')
    await page.getByRole('textbox', { name: '$least' }).fill('20')
    await choose('button', 'Run')
    await person.sees(0, ['Fish Market', '44'])
    await choose('tab', 'Chart')
    await page.getByRole('img', { name: 'bar chart' }).locator('canvas').waitFor()
    await choose('tab', 'Plan')
    await choose('button', 'Run and measure')
    await page.getByRole('region', { name: 'Plan' }).getByRole('columnheader', { name: 'Time' }).waitFor()
    await choose('tab', 'Result')
    await choose('button', 'Copy or save')
    const downloading = page.waitForEvent('download')
    await page.getByRole('dialog').getByRole('button', { name: 'NDJSON' }).click()
    expect(readFileSync(await (await downloading).path(), 'utf8')).toMatch(/^\{"from_station":"Fish Market","rides":"44"\}\n/)
    await choose('button', 'Close')
    await person.type(endless)
    await choose('button', 'Run')
    await choose('button', 'Cancel')
    await person.hears('Cancelled')
    // What was there stays.
    await person.sees(0, ['Fish Market', '44'])
    await choose('tab', 'Messages')
    await page.getByRole('listitem').filter({ hasText: 'cancelled' }).waitFor()
    await choose('link', 'History')
    await page.getByRole('button', { name: 'Open' }).first().waitFor()
    await choose('button', 'Sign out')
    await page.getByRole('textbox', { name: 'Key' }).fill('dl_000000000000_wrong')
    await choose('button', 'Sign in')
    await page.getByRole('alert').getByText('unauthenticated').waitFor()
    await page.getByRole('textbox', { name: 'Key' }).fill(service.key)
    await choose('button', 'Sign in')
    await choose('link', 'Query')
    await person.editor.getByText('range(1000000)').first().waitFor()
  })

  it('by keyboard alone', async () => {
    const { keyboard } = page
    const focused = () =>
      page.evaluate<string>(
        "(() => { let e = document.activeElement; while (e?.shadowRoot?.activeElement) e = e.shadowRoot.activeElement; return (e?.getAttribute('aria-label') ?? e?.labels?.[0]?.textContent ?? e?.textContent ?? '').trim() })()",
      )
    /** Presses Tab until something of that name has the focus; on a busy machine it may not be on the page at the first round. */
    const tabTo = async (name: string | RegExp, key = 'Tab') => {
      for (const until = Date.now() + patience.timeout; Date.now() < until; ) {
        await keyboard.press(key)
        const reached = await focused()
        if (typeof name === 'string' ? reached === name : name.test(reached)) return
      }
      throw new Error(`Tab does not lead to ${name}`)
    }
    await tabTo(/^rides|^main/)
    for (const key of ['Home', 'ArrowDown', 'ArrowRight']) await keyboard.press(key)
    await page.getByRole('treeitem', { name: 'ride_id' }).waitFor()
    for (const key of ['ArrowDown', 'ArrowUp', 'Enter']) await keyboard.press(key)
    await person.sees(0, ['1', '2026-06-01 06:23:00', 'Shipyard'])
    await tabTo('Result')
    await tabTo('Result')
    for (const key of ['ArrowRight', 'ArrowRight', 'Enter']) await keyboard.press(key)
    await page.getByRole('dialog', { name: 'from_station' }).waitFor()
    await person.leaveDialog()
    await keyboard.press('Control+End')
    await person.cell(499, 6).waitFor()
    await keyboard.press('Alt+n')
    await keyboard.press('Alt+e')
    await expect.poll(focused, patience).toBe('SQL')
    await keyboard.insertText('SELECT from_station, count(*) AS rides FROM rides WHERE minutes > $least GROUP BY ALL ORDER BY ALL')
    await keyboard.press('Escape')
    await tabTo('$least')
    await keyboard.type('20')
    await tabTo('Run')
    await keyboard.press('Enter')
    await person.sees(0, ['Fish Market', '44'])
    await tabTo('Result')
    await keyboard.press('ArrowRight')
    await page.getByRole('img', { name: 'bar chart' }).locator('canvas').waitFor()
    await tabTo(/^Kind/)
    await tabTo(/^bar chart/)
    await keyboard.press('ArrowRight')
    await page.locator('.chart-legend').getByText('Fish Market').waitFor()
    await tabTo('Chart', 'Shift+Tab')
    await keyboard.press('ArrowRight')
    await tabTo('Run and measure')
    await keyboard.press('Enter')
    await page.getByRole('region', { name: 'Plan' }).getByRole('columnheader', { name: 'Time' }).waitFor()
    await keyboard.press('Alt+s')
    await page.getByRole('dialog', { name: 'Copy or save' }).waitFor()
    await tabTo('Parquet')
    const downloading = page.waitForEvent('download')
    await keyboard.press('Enter')
    expect(readFileSync(await (await downloading).path(), 'latin1').slice(0, 4)).toBe('PAR1')
    await person.leaveDialog()
    await keyboard.press('Alt+e')
    await expect.poll(focused, patience).toBe('SQL')
    await keyboard.press('Control+a')
    await keyboard.press('Delete')
    await keyboard.insertText(endless)
    await keyboard.press('Control+Enter')
    await page.getByRole('button', { name: 'Cancel' }).waitFor()
    await keyboard.press('Escape')
    await person.hears('Cancelled')
    await keyboard.press('Control+k')
    await page.getByRole('combobox', { name: 'Find' }).waitFor()
    await keyboard.type('history')
    await page.getByRole('option', { name: 'History View', selected: true }).waitFor()
    await keyboard.press('Enter')
    await page.getByRole('button', { name: 'Open' }).first().waitFor()
    await tabTo('Open')
    await keyboard.press('Enter')
    await person.editor.waitFor()
    await keyboard.press('Alt+w')
    await keyboard.press('Alt+z')
    await tabTo('New query')
    await keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keys' }).waitFor()
  })
})
