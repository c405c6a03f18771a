import type { Browser, Page } from 'playwright-core'
import { afterAll, expect, it } from 'vitest'
import { callService } from '../service/call-service.ts'
import { temporaryFolder } from '../service/run-service.ts'
import { freePort } from '../service/servers/free-port.ts'
import { type Service, startOn, stopService } from '../service/start-service.ts'
import { describeInBrowser } from './describe-in-browser.ts'
import { type OpenPage, openPage } from './open-browser.ts'
import { openForEach } from './open-for-each.ts'
import { Person, patience } from './person.ts'

describeInBrowser('the page loses nothing that was typed', path => {
  let service: Service
  let browser: Browser
  let opened: OpenPage
  let page: Page
  let person: Person
  let port: number
  openForEach(path, {
    start: async () => {
      port = await freePort()
      const lakeDir = temporaryFolder()
      return startOn({ LAKE_DIR: lakeDir }, lakeDir, port)
    },
    served: (given, withBrowser) => {
      service = given
      browser = withBrowser
    },
    opened: given => {
      opened = given
      page = given.page
      person = given.person
    },
  })
  // The one that was started anew.
  afterAll(() => stopService(service))

  it('when its key is revoked, and goes on with another one', async () => {
    const call = callService(service)
    const make = async () => (await call('POST', '/v1/keys', { name: 'page', scopes: ['read'] })).body
    const [first, second] = [await make(), await make()]
    const other = await openPage(browser, { url: service.url, key: first.key })
    const someone = other.person
    await other.page.getByRole('treeitem', { name: 'rides' }).waitFor()
    await call('DELETE', `/v1/keys/${first.id}`)
    await someone.run('SELECT 4711 AS typed')
    const dialog = other.page.getByRole('dialog', { name: 'Another key is needed' })
    await dialog.getByText('Nothing that you typed is lost').waitFor()
    await dialog.getByRole('textbox', { name: 'Key' }).fill(second.key)
    await dialog.getByRole('button', { name: 'Sign in' }).click()
    await dialog.waitFor({ state: 'detached' })
    await someone.editor.getByText('4711').waitFor()
    await other.page.getByRole('button', { name: 'Run', exact: true }).click()
    await someone.sees(0, ['4711'])
    await other.context.close()
  })

  it('without a network, and says so', async () => {
    await opened.context.setOffline(true)
    await person.run('SELECT 12 AS typed')
    await page.getByRole('alert').getByText('This machine is offline').waitFor()
    await opened.context.setOffline(false)
    await page.getByRole('button', { name: 'Try again' }).click()
    await person.sees(0, ['12'])
  })

  it('while the service starts anew during a statement, and says what became of it', async () => {
    await person.run('SELECT sum(a.range * b.range) AS typed FROM range(1000000) a, range(1000000) b')
    await page.getByRole('button', { name: 'Cancel' }).waitFor()
    await expect.poll(async () => (await callService(service)('GET', '/v1/queries?state=running')).body.queries.length, patience).toBe(1)
    const { lakeDir, child, exit } = service
    child.kill('SIGTERM')
    await exit
    await page.getByText('the service does not answer, it is asked again').waitFor()
    service = await startOn({ LAKE_DIR: lakeDir }, lakeDir, port)
    await page.getByRole('alert').getByText('engineLost').waitFor({ timeout: 60_000 })
    await person.editor.getByText('1000000').first().waitFor()
    await person.run('SELECT 13 AS typed')
    await person.sees(0, ['13'])
  }, 120_000)

  it('in two windows, and gives those of one that was closed to the next', async () => {
    await person.type('SELECT 1 -- of the first')
    const second = await opened.context.newPage()
    await second.goto(`${service.url}/#key=${service.key}`)
    const other = new Person(second)
    await other.type('SELECT 2 -- of the second')
    await page.reload()
    await second.reload()
    await person.editor.getByText('of the first').waitFor()
    await other.editor.getByText('of the second').waitFor()
    expect(await second.getByRole('tab', { name: 'of the first' }).count()).toBe(0)
    await page.close()
    // A page that is closed has its lock for a moment more.
    const windows = () =>
      second.evaluate<number>(
        "navigator.locks.query().then(({ held }) => held.filter(({ name }) => name.startsWith('ducklake.window')).length)",
      )
    await expect.poll(windows, patience).toBe(1)
    const third = await opened.context.newPage()
    await third.goto(`${service.url}/#key=${service.key}`)
    await third.getByRole('tab', { name: 'SELECT 1 -- of the first' }).waitFor()
    expect(await third.getByRole('tab', { name: 'of the second' }).count()).toBe(0)
  })

  it('in a window that is being reloaded while another one looks for windows that are gone', async () => {
    await person.type('SELECT 1 -- of the first')
    const second = await opened.context.newPage()
    await second.goto(`${service.url}/#key=${service.key}`)
    const other = new Person(second)
    await other.type('SELECT 2 -- of the second')
    // However long it takes here: no time passes until it is back.
    await page.clock.setFixedTime(Date.now())
    await second.goto('about:blank')
    await page.reload()
    await page.getByRole('tab', { name: 'of the first' }).waitFor()
    await second.goto(`${service.url}/#key=${service.key}`)
    await other.editor.getByText('of the second').waitFor()
    expect(await page.getByRole('tab', { name: 'of the second' }).count()).toBe(0)
  })

  it('when a closed query is opened again', async () => {
    await person.type('SELECT 5 -- closed')
    await page.keyboard.press('Alt+w')
    await page.getByRole('tab', { name: 'New query', selected: true }).waitFor()
    await page.keyboard.press('Alt+z')
    await person.editor.getByText('-- closed').waitFor()
  })
})
