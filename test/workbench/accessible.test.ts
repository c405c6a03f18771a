import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Service, startService, stopService } from '../service/start-service.ts'
import { assertAccessible } from './assert-accessible.ts'
import { describeInBrowser } from './describe-in-browser.ts'
import { type OpenPage, openBrowser, openPage } from './open-browser.ts'
import type { Person } from './person.ts'

describeInBrowser('axe finds nothing serious, in both themes,', path => {
  let service: Service
  let browser: Browser
  let opened: OpenPage
  let page: Page
  let person: Person
  beforeAll(async () => {
    ;[service, browser] = await Promise.all([startService(), openBrowser(path)])
    opened = await openPage(browser, service)
    page = opened.page
    person = opened.person
    await page.getByRole('treeitem', { name: 'rides' }).waitFor()
  })
  afterAll(async () => {
    await browser?.close()
    await stopService(service)
    expect(opened.complaints).toEqual([])
  })

  it('in an empty query, a result, and a failure above it', async () => {
    await assertAccessible(page)
    await page.getByRole('treeitem', { name: 'rides' }).press('ArrowRight')
    await person.run("SELECT *, NULL AS nothing, '' AS empty FROM rides WHERE $text = ''")
    await person.sees(0, ['1'])
    await assertAccessible(page)
    await person.run('SELECT from_statio FROM rides')
    await page.getByRole('alert').waitFor()
    await assertAccessible(page)
  })

  it('in the chart, the plan and the messages', async () => {
    await person.run('SELECT from_station, count(*) AS rides FROM rides GROUP BY ALL')
    await page.getByRole('tab', { name: 'Chart' }).click()
    await page.locator('.chart-canvas canvas').waitFor()
    await page.getByText('The values as a table').click()
    await assertAccessible(page)
    await page.getByRole('tab', { name: 'Plan' }).click()
    await page.getByRole('button', { name: 'Run and measure' }).click()
    await page.getByRole('columnheader', { name: 'Time' }).waitFor()
    await assertAccessible(page)
    await page.getByRole('tab', { name: 'Messages' }).click()
    await assertAccessible(page)
    await page.getByRole('tab', { name: 'Result' }).click()
  })

  it('in the dialogs', async () => {
    await person.cell(0, 0).dblclick()
    await page.getByRole('dialog').getByText('characters').waitFor()
    await assertAccessible(page)
    await person.leaveDialog()
    await page.keyboard.press('Alt+s')
    await page.getByRole('dialog', { name: 'Copy or save' }).waitFor()
    await assertAccessible(page)
    await person.leaveDialog()
    await page.getByRole('columnheader', { name: 'rides' }).dblclick()
    await page.getByText('How the values are spread').waitFor()
    await assertAccessible(page)
    await person.leaveDialog()
    await page.keyboard.press('Control+k')
    await page.getByRole('option', { name: 'Asked before' }).first().waitFor()
    await assertAccessible(page)
    await person.leaveDialog()
    await page.getByRole('button', { name: 'Keys' }).click()
    await assertAccessible(page)
    await person.leaveDialog()
  })

  it('in the history, and where one signs in', async () => {
    await page.getByRole('link', { name: 'History' }).click()
    await page.getByRole('button', { name: 'Open' }).first().waitFor()
    await assertAccessible(page)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await assertAccessible(page)
  })
})
