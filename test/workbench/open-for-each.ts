import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { type Service, startService, stopService } from '../service/start-service.ts'
import { type OpenPage, openBrowser, openPage } from './open-browser.ts'

interface Steps {
  readonly start?: () => Promise<Service>
  /** Once, before the first test. */
  readonly served: (service: Service, browser: Browser) => void | Promise<void>
  /** Before each test, when the tables are on the page. */
  readonly opened: (opened: OpenPage) => void | Promise<void>
}

/** One service and one browser for all tests of a file, and for each test the page in a profile of its own, whose console must not complain.
 * @param path of the browser */
export function openForEach(path: string, { start = startService, served, opened }: Steps): void {
  let service: Service
  let browser: Browser
  let current: OpenPage
  beforeAll(async () => {
    ;[service, browser] = await Promise.all([start(), openBrowser(path)])
    await served(service, browser)
  })
  afterAll(async () => {
    await browser?.close()
    await stopService(service)
  })
  beforeEach(async () => {
    current = await openPage(browser, service)
    await current.page.getByRole('treeitem', { name: 'rides' }).waitFor()
    await opened(current)
  })
  afterEach(async () => {
    await current.context.close()
    expect(current.complaints).toEqual([])
  })
}
