import { type Browser, type BrowserContextOptions, devices, type Locator, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Service, startService, stopService } from '../service/start-service.ts'
import { assertAccessible } from './assert-accessible.ts'
import { describeInBrowser } from './describe-in-browser.ts'
import { type OpenPage, openBrowser, openPage } from './open-browser.ts'
import { type Person, patience } from './person.ts'

/** Windows in which everything has to be there: 360 pixels as a phone has them, and 1280 × 800 at 200 %, which is half as many, each twice as
 * large. */
const windows: readonly (readonly [string, BrowserContextOptions])[] = [
  ['360 pixels wide', { viewport: { width: 360, height: 740 } }],
  ['on a phone, by touch', { ...devices['Pixel 5'], viewport: { width: 360, height: 740 } }],
  ['at 200 %', { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 }],
]
const views = ['History', 'Versions', 'Upload', 'Operate', 'Query'] as const
const parts = ['Now', 'Slow queries', 'Storage', 'Maintenance', 'Keys', 'Lineage'] as const
const rowHeight = 26

describeInBrowser('the page in a small window,', path => {
  let service: Service
  let browser: Browser
  beforeAll(async () => {
    ;[service, browser] = await Promise.all([startService(), openBrowser(path)])
  })
  afterAll(async () => {
    await browser?.close()
    await stopService(service)
  })

  describe.each(windows)('%s,', (_, options) => {
    let opened: OpenPage
    let page: Page
    let person: Person
    beforeEach(async () => {
      opened = await openPage(browser, service, options)
      page = opened.page
      person = opened.person
      await person.editor.waitFor()
    })
    afterEach(async () => {
      await opened.context.close()
      expect(opened.complaints).toEqual([])
    })

    /** How many pixels the page as a whole could be moved to the side. */
    const aside = () => page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth')
    /** All of it can be seen, at once or after scrolling. */
    async function fits(locator: Locator) {
      await locator.scrollIntoViewIfNeeded()
      const { x = -1, y = -1, width = 0, height = 0 } = (await locator.boundingBox()) ?? {}
      const window = page.viewportSize() ?? { width: 0, height: 0 }
      expect({ x: x >= 0, y: y >= 0, right: x + width <= window.width, bottom: y + height <= window.height }).toEqual({
        x: true,
        y: true,
        right: true,
        bottom: true,
      })
    }

    it('runs a statement, and shows more than a row of its result', async () => {
      const run = page.getByRole('button', { name: 'Run', exact: true })
      await person.type('SELECT * FROM rides ORDER BY ride_id')
      await fits(run)
      await run.click()
      await person.sees(0, ['1'])
      await person.grid.scrollIntoViewIfNeeded()
      expect((await person.grid.boundingBox())?.height).toBeGreaterThan(4 * rowHeight)
      await fits(person.cell(2, 0))
      await person.cell(2, 0).click()
      await expect.poll(() => person.cell(2, 0).getAttribute('aria-selected'), patience).toBe('true')
      await fits(page.getByRole('button', { name: 'Copy or save' }))
      await fits(run)
      expect(await aside()).toBe(0)
    })

    it('reaches every view and every part, and none is wider than the window', async () => {
      for (const view of views) {
        const link = page.getByRole('link', { name: view, exact: true })
        await fits(link)
        await link.click()
        await expect.poll(() => link.getAttribute('aria-current'), patience).toBe('page')
        await expect.poll(aside, patience).toBe(0)
        if (view !== 'Operate') continue
        for (const part of parts) {
          const tab = page.getByRole('tab', { name: part, exact: true })
          await fits(tab)
          await tab.click()
          await page.getByRole('tabpanel', { name: part, exact: true }).waitFor()
          await expect.poll(aside, patience).toBe(0)
        }
      }
    })

    it('keeps all of it in the window when there are several queries, and a plan', async () => {
      await person.type(
        "SELECT from_station, count(*) AS rides, avg(minutes) AS minutes FROM rides WHERE from_station <> 'nowhere' GROUP BY ALL",
      )
      await page.getByRole('button', { name: 'Run', exact: true }).click()
      await person.cell(0, 0).waitFor()
      await page.getByRole('tab', { name: 'Plan', exact: true }).click()
      await page.getByRole('button', { name: 'Run and measure' }).click()
      await page.getByRole('region', { name: 'Plan' }).getByRole('columnheader', { name: 'Time' }).waitFor()
      await fits(page.getByRole('button', { name: 'Link', exact: true }))
      for (let queries = 0; queries < 3; queries += 1) {
        await page.getByRole('button', { name: 'New query' }).click()
        await person.type(`SELECT 'a query with a long beginning', ${queries}`)
      }
      await fits(page.getByRole('button', { name: 'Link', exact: true }))
      await fits(page.getByRole('button', { name: 'New query' }))
    })

    it('has tables to choose from, and room for their names, without the catalogue', async () => {
      await page.getByRole('link', { name: 'Operate', exact: true }).click()
      await page.getByRole('tab', { name: 'Lineage', exact: true }).click()
      await expect.poll(() => page.getByRole('combobox', { name: 'Table or view' }).inputValue(), patience).toBe('0')
      await page.getByRole('tab', { name: 'Maintenance', exact: true }).click()
      await expect.poll(() => page.getByRole('combobox', { name: 'Of' }).locator('option').allTextContents(), patience).toContain('rides')
      await page.getByRole('tab', { name: 'Storage', exact: true }).click()
      await expect
        .poll(async () => (await page.getByRole('rowheader', { name: 'rides' }).boundingBox())?.width, patience)
        .toBeGreaterThan(120)
      await page.getByRole('tab', { name: 'Slow queries', exact: true }).click()
      await page.getByText(/^(Of the last|Nothing has ended)/).waitFor()
      await page.goto(`${service.url}/#/snapshots?schema=main&table=rides`)
      const choice = page.getByRole('combobox', { name: 'Versions of' })
      await expect.poll(() => choice.locator('option:checked').textContent(), patience).toBe('rides')
    })

    it('opens the catalogue when it is asked for, and a version beside the others', async () => {
      await page.getByRole('button', { name: 'Catalogue', exact: true }).click()
      await page.getByRole('treeitem', { name: 'rides' }).waitFor()
      await fits(page.getByRole('treeitem', { name: 'rides' }))
      expect(await aside()).toBe(0)
      await assertAccessible(page)
      await page.getByRole('button', { name: 'Catalogue', exact: true }).click()
      await page.getByRole('link', { name: 'Versions', exact: true }).click()
      await page.getByRole('option', { name: 'Example table of a new lake' }).click()
      await fits(page.getByRole('button', { name: 'Query as of' }))
      expect(await aside()).toBe(0)
    })
  })
})
