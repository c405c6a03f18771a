import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { callService } from '../service/call-service.ts'
import { removeLake, temporaryFolder } from '../service/run-service.ts'
import { describeInBrowser } from './describe-in-browser.ts'
import { openForEach } from './open-for-each.ts'
import { type Person, patience } from './person.ts'

/** A screen of 1280 × 800 in few colours. */
const maxBytes = 200_000

// What docs/workbench.md shows. `npm run screens` puts them into docs/screens, where they are looked at; here they are only made.
describeInBrowser('the page as it is shown', path => {
  let page: Page
  let person: Person
  const folder = process.env.SCREENS_TO ?? temporaryFolder()
  mkdirSync(folder, { recursive: true })
  openForEach(path, {
    served: async service => {
      const call = callService(service)
      for (const sql of [
        'UPDATE rides SET minutes = 30 WHERE ride_id % 50 = 0',
        'DELETE FROM rides WHERE minutes > 29 AND ride_id % 3 = 0',
        'CREATE TABLE stations AS SELECT from_station AS station, count(*) AS departures FROM rides GROUP BY ALL',
      ])
        expect(await call('POST', '/v1/statements', { sql })).toMatchObject({ status: 200 })
    },
    opened: given => {
      page = given.page
      person = given.person
    },
  })

  const perStation = `SELECT from_station, count(*) AS rides, avg(minutes)::DECIMAL(6, 1) AS minutes, max(departed_at) AS last
FROM rides GROUP BY ALL ORDER BY rides DESC`

  const take = async (name: string) => {
    // Wider than what is between the paddings of 10 pixels, in fractions of a pixel: they are enough for an ellipsis.
    const cut = await page.getByRole('gridcell').evaluateAll(cells =>
      cells
        .filter(cell => {
          const range = cell.ownerDocument.createRange()
          range.selectNodeContents(cell)
          return range.getBoundingClientRect().width > cell.clientWidth - 20
        })
        .map(cell => cell.textContent),
    )
    expect(cut, 'cells that are cut').toEqual([])
    const image = await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled', caret: 'hide' })
    expect(image.length).toBeLessThan(maxBytes)
  }

  it('with a result, in the dark', async () => {
    await page.emulateMedia({ colorScheme: 'dark' })
    await person.run(perStation)
    await person.cell(0, 3).getByText('2026').waitFor()
    // Columns get their widths when the rows are there.
    await expect.poll(async () => (await person.cell(0, 3).boundingBox())?.width, patience).toBeGreaterThan(150)
    await take('query')
  })

  it('with a chart', async () => {
    await person.run('SELECT from_station, count(*) AS rides FROM rides GROUP BY ALL ORDER BY ALL')
    await person.sees(0, ['Fish Market'])
    await page.getByRole('tab', { name: 'Chart', exact: true }).click()
    await page.getByRole('img', { name: 'bar chart' }).locator('canvas').waitFor()
    await take('chart')
  })

  it('with the difference of two versions', async () => {
    await page.getByRole('treeitem', { name: 'rides' }).hover()
    await page.getByRole('treeitem', { name: 'rides' }).getByRole('button', { name: 'Versions' }).click()
    const lines = page.getByRole('option').filter({ has: page.locator('.version') })
    await lines.first().click()
    await lines.last().click({ modifiers: ['Shift'] })
    await page.getByRole('grid', { name: 'Rows that are different' }).waitFor()
    await take('versions')
  })

  it('with a file that is looked at', async () => {
    await page.getByRole('link', { name: 'Upload' }).click()
    await page.getByRole('button', { name: 'Choose a file' }).waitFor()
    const lines = [
      'id,station,opened,docks',
      ...Array.from({ length: 40 }, (_, row) => `${row + 1},Pier ${row + 1},2026-05-${(row % 28) + 1},${10 + row}`),
    ]
    await page.locator('input[type=file]').setInputFiles({ name: 'docks.csv', mimeType: '', buffer: Buffer.from(lines.join('\n')) })
    await page.getByText('Nothing is written yet.').waitFor()
    await take('upload')
  })

  it('with what lies in storage', async () => {
    await page.getByRole('link', { name: 'Operate' }).click()
    await page.getByRole('tab', { name: 'Storage' }).click()
    await page.getByRole('row').filter({ hasText: 'stations' }).waitFor()
    await take('operate')
    if (process.env.SCREENS_TO === undefined) removeLake(folder)
  })
})
