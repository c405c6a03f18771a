import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { type Service, startService, stopService } from '../service/start-service.ts'
import { describeInBrowser } from './describe-in-browser.ts'
import { type OpenPage, openBrowser, openPage } from './open-browser.ts'

describeInBrowser('the workbench', path => {
  let service: Service
  let browser: Browser
  let opened: OpenPage
  let page: Page
  beforeAll(async () => {
    ;[service, browser] = await Promise.all([startService(), openBrowser(path)])
  })
  afterAll(async () => {
    await browser?.close()
    await stopService(service)
  })
  beforeEach(async () => {
    opened = await openPage(browser, service)
    page = opened.page
  })
  afterEach(async () => {
    await opened.context.close()
    expect(opened.complaints).toEqual([])
  })

  const cell = (row: number, column: number) => page.locator(`[role=gridcell][data-row="${row}"][data-column="${column}"]`)

  async function type(sql: string): Promise<void> {
    await page.getByRole('textbox', { name: 'SQL' }).fill(sql)
  }

  async function run(sql: string): Promise<void> {
    await type(sql)
    await page.keyboard.press('Control+Enter')
  }

  it('takes the key out of the address', async () => {
    await page.getByRole('treeitem', { name: 'rides' }).waitFor()
    expect(page.url()).toBe(`${service.url}/`)
  })

  it('runs a statement and shows its rows', async () => {
    await run("SELECT 9007199254740993 AS big, NULL AS nothing, '' AS empty, 1.10::DECIMAL(4,2) AS price")
    await page.getByRole('status').getByText('1 row in').waitFor()
    expect(await Promise.all([0, 1, 2, 3].map(column => cell(0, column).textContent()))).toEqual([
      '9007199254740993',
      'NULL',
      'empty',
      '1.10',
    ])
    expect(await page.getByRole('grid').getAttribute('aria-rowcount')).toBe('2')
  })

  it('marks where a statement is wrong, and puts in what was meant', async () => {
    await run("SELECT '😀é', from_statio FROM rides")
    const problem = page.getByRole('alert')
    expect(await problem.textContent()).toContain('column 14 of the statement')
    expect(await page.locator('.cm-lintRange-error').textContent()).toBe('from_statio')
    await problem.getByRole('button', { name: 'from_station', exact: true }).click()
    await page.keyboard.press('Control+Enter')
    await cell(0, 1).getByText('Shipyard').waitFor()
  })

  it('keeps what is typed', async () => {
    await type('SELECT 1 -- kept')
    await page.reload()
    await page.getByRole('textbox', { name: 'SQL' }).getByText('-- kept').waitFor()
  })
})
