import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { callService } from '../service/call-service.ts'
import type { Service } from '../service/start-service.ts'
import { describeInBrowser } from './describe-in-browser.ts'
import type { OpenPage } from './open-browser.ts'
import { openForEach } from './open-for-each.ts'
import { type Person, patience } from './person.ts'

describeInBrowser('the workbench', path => {
  let service: Service
  let opened: OpenPage
  let page: Page
  let person: Person
  openForEach(path, {
    served: given => {
      service = given
    },
    opened: given => {
      opened = given
      page = given.page
      person = given.person
    },
  })

  it('takes the key out of the address', async () => {
    await page.getByRole('treeitem', { name: 'rides' }).waitFor()
    expect(page.url()).toBe(`${service.url}/`)
  })

  it('runs a statement and shows its rows', async () => {
    await person.run("SELECT 9007199254740993 AS big, NULL AS nothing, '' AS empty, 1.10::DECIMAL(4,2) AS price")
    await person.hears('1 row in')
    await person.sees(0, ['9007199254740993', 'NULL', 'empty', '1.10'])
    expect(await person.grid.getAttribute('aria-rowcount')).toBe('2')
  })

  it('marks where a statement is wrong, and puts in what was meant', async () => {
    await person.run("SELECT '😀é', from_statio FROM rides")
    const problem = page.getByRole('alert')
    expect(await problem.textContent()).toContain('column 14 of the statement')
    expect(await page.locator('.cm-lintRange-error').textContent()).toBe('from_statio')
    await problem.getByRole('button', { name: 'from_station', exact: true }).click()
    await page.keyboard.press('Control+Enter')
    await person.sees(0, ['😀é', 'Shipyard'])
  })

  it('draws a result, and carries what is drawn in the link', async () => {
    await person.run('SELECT from_station, count(*) AS rides, sum(passengers) AS passengers FROM rides GROUP BY ALL ORDER BY ALL')
    await page.getByRole('tab', { name: 'Chart' }).click()
    const drawing = page.getByRole('img', { name: 'bar chart: rides by from_station' })
    await drawing.locator('canvas').waitFor()
    await page.getByRole('checkbox', { name: 'passengers' }).check()
    await page.getByRole('img', { name: 'rides, passengers by from_station' }).press('ArrowRight')
    await page.locator('.chart-legend').getByText('Fish Market').waitFor()
    await page.getByText('The values as a table').click()
    const line = page.getByRole('region', { name: 'Values of the chart' }).getByRole('row').nth(1)
    expect(await line.getByRole('cell').allTextContents()).toEqual(['83', '2,816'])
    await opened.context.grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.getByRole('button', { name: 'Link' }).click()
    await person.hears('The link is copied')
    const link = await page.evaluate<string>('navigator.clipboard.readText()')
    await page.goto('about:blank')
    await page.goto(link)
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await page.getByRole('img', { name: 'bar chart: rides, passengers by from_station' }).waitFor()
  })

  it('shows how a statement is run, and measures it when it is asked to', async () => {
    await person.run('EXPLAIN SELECT from_station, count(*) FROM rides WHERE minutes > 20 GROUP BY ALL')
    const plan = page.getByRole('region', { name: 'Plan' })
    await plan.getByRole('row', { name: 'scan' }).getByText('rides').waitFor()
    expect(await plan.getByRole('columnheader').allTextContents()).toEqual(['Step', 'What', 'Estimated rows'])
    await page.getByRole('button', { name: 'Run and measure' }).click()
    await plan.getByRole('columnheader', { name: 'Time' }).waitFor()
    const before = await plan.getByRole('row').count()
    await plan.getByRole('button', { name: 'Inputs of' }).first().click()
    expect(await plan.getByRole('row').count()).toBeLessThan(before)
  })

  it('copies what is selected or all, and saves it in every format', async () => {
    await opened.context.grantPermissions(['clipboard-read', 'clipboard-write'])
    await person.run("SELECT r AS id, 'a\tb' AS text, NULL AS nothing FROM range(3) t(r)")
    await person.sees(2, ['2', 'a ⏎ b', 'NULL'])
    await page.keyboard.press('Alt+s')
    const dialog = page.getByRole('dialog', { name: 'Copy or save' })
    await dialog.getByRole('button', { name: 'INSERT' }).click()
    await person.hears('Copied: 3 rows')
    const copied = () => page.evaluate<string>('navigator.clipboard.readText()')
    expect(await copied()).toBe(
      "INSERT INTO my_table (id, text, nothing) VALUES\n  (0, 'a\tb', NULL),\n  (1, 'a\tb', NULL),\n  (2, 'a\tb', NULL);",
    )
    for (const [format, begins] of [
      ['CSV', 'id,text,nothing'],
      ['NDJSON', '{"id":"0"'],
      ['Parquet', 'PAR1'],
      ['Arrow', '\uFFFD'],
      ['JSON', '{"queryId"'],
    ] as const) {
      const downloading = page.waitForEvent('download')
      await dialog.getByRole('button', { name: format, exact: true }).last().click()
      const download = await downloading
      expect(readFileSync(await download.path(), 'utf8').slice(0, begins.length)).toBe(begins)
      await dialog.getByRole('button', { name: format, exact: true }).last().isEnabled()
    }
    await person.leaveDialog()
    await person.cell(1, 0).click()
    await page.keyboard.press('Shift+ArrowRight')
    await page.keyboard.press('Control+c')
    await person.hears('2 values copied')
    expect(await copied()).toBe('1\t"a\tb"')
  })

  it('ends a statement at the service too, even if Esc comes before the service has said which one it is', async () => {
    const running = async () => (await callService(service)('GET', '/v1/queries?state=running')).body.queries.length
    let answerNow = () => {}
    const cancelled = new Promise<void>(resolve => {
      answerNow = resolve
    })
    await page.route('**/v1/queries', async route => {
      const response = await route.fetch()
      await cancelled
      await route.fulfill({ response })
    })
    await person.run('SELECT sum(a.range * b.range) FROM range(10000000) a, range(10000000) b')
    await expect.poll(running, patience).toBe(1)
    await page.keyboard.press('Escape')
    await person.hears('Cancelled')
    answerNow()
    await expect.poll(running, patience).toBe(0)
    expect(await page.getByRole('alert').count()).toBe(0)
  })

  it('keeps what is typed', async () => {
    await person.type('SELECT 1 -- kept')
    await page.reload()
    await page.getByRole('textbox', { name: 'SQL' }).getByText('-- kept').waitFor()
  })
})
