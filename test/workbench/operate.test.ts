import type { Browser, Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { layoutGraph, nodeSize } from '../../service/workbench/views/operate/lineage/layout-graph.ts'
import { callService } from '../service/call-service.ts'
import type { Service } from '../service/start-service.ts'
import { assertAccessible } from './assert-accessible.ts'
import { describeInBrowser } from './describe-in-browser.ts'
import { openPage } from './open-browser.ts'
import { openForEach } from './open-for-each.ts'
import { patience } from './person.ts'

/** Longer than any test waits for it. */
const endless = 'SELECT count(*) FROM range(10000000) AS a, range(10000000) AS b WHERE hash(a.range + b.range) = 5'

describeInBrowser('the operators’ page', path => {
  let service: Service
  let browser: Browser
  let page: Page
  let call: ReturnType<typeof callService>
  openForEach(path, {
    served: async (given, withBrowser) => {
      service = given
      browser = withBrowser
      call = callService(given)
      for (const sql of [
        'CREATE TABLE small AS SELECT 1 AS i',
        'INSERT INTO small VALUES (2)',
        'CREATE TABLE "<b>made" AS SELECT from_station, count(*) AS rides FROM rides GROUP BY ALL',
      ])
        expect(await call('POST', '/v1/statements', { sql })).toMatchObject({ status: 200 })
    },
    opened: async given => {
      page = given.page
      await page.getByRole('link', { name: 'Operate' }).click()
    },
  })

  const part = (name: string) => page.getByRole('tab', { name }).click()

  it('shows what runs, and cancels it', async () => {
    const { body } = await call('POST', '/v1/queries', { sql: endless })
    const line = page.getByRole('row').filter({ hasText: 'range(10000000)' })
    await line.getByText('runs').waitFor()
    await page.getByRole('row', { name: /^Read/ }).waitFor()
    await assertAccessible(page)
    await line.getByRole('button', { name: 'Cancel' }).click()
    await page.getByText('None at the moment.').waitFor()
    expect((await call('GET', `/v1/queries/${body.id}`)).body).toMatchObject({ state: 'cancelled' })
    // One that somebody waits for, too.
    const answer = call('POST', '/v1/query', { sql: endless }, service.key, { 'x-request-id': 'somebody-waits' })
    await line.getByText('request somebody-waits').waitFor()
    await line.getByRole('button', { name: 'Cancel' }).click()
    expect(await answer).toMatchObject({ status: 499, body: { code: 'queryCancelled' } })
    await page.getByText('None at the moment.').waitFor()
  })

  it('has the longest statements and the largest tables, by keyboard', async () => {
    await service.query('SELECT count(*) AS "<i>slow</i>" FROM rides')
    await page.getByRole('tab', { name: 'Now' }).focus()
    await page.keyboard.press('ArrowRight')
    // The history is written within a second.
    await expect
      .poll(async () => {
        await page.getByRole('button', { name: 'Look again' }).click()
        return page.getByRole('table').textContent()
      }, patience)
      .toContain('<i>slow</i>')
    await page.getByText(/^Of the last \d+ statements of all keys that ended, back to .+, the \d+ that took longest/).waitFor()
    // What was cancelled took its time, too.
    await page.getByRole('cell', { name: 'queryCancelled' }).first().waitFor()
    await assertAccessible(page)
    await page.getByRole('tab', { name: 'Slow queries' }).focus()
    await page.keyboard.press('ArrowRight')
    await page.getByRole('rowheader', { name: 'rides', exact: true }).waitFor()
    expect(await page.getByRole('rowheader').allTextContents()).toEqual(['rides', '<b>made', 'small'])
    await assertAccessible(page)
  })

  it('tries maintenance before it does it', async () => {
    await part('Maintenance')
    await page.getByRole('combobox', { name: 'Of' }).selectOption('small')
    const [tryIt, doIt] = [page.getByRole('button', { name: 'Try it' }), page.getByRole('button', { name: 'Do it' })]
    expect(await doIt.isDisabled()).toBe(true)
    await tryIt.click()
    await page.getByText('Tried, nothing was done.').waitFor()
    expect(await page.locator('.run-report').textContent()).toContain('2 files')
    await assertAccessible(page)
    await doIt.click()
    await page.locator('.run-report').getByText('Done.', { exact: true }).waitFor()
    expect((await call('GET', '/v1/tables/main/small')).body).toMatchObject({ fileCount: 1, rowCount: '2' })
    await page.getByRole('combobox', { name: 'Task' }).selectOption('Expire old versions')
    await page.getByText('Old versions cannot be queried').waitFor()
    await page.getByRole('spinbutton').fill('2')
    await tryIt.click()
    // The browser itself says what is wrong with the number, and nothing was begun.
    expect(await page.getByRole('spinbutton').evaluate(input => input.matches(':invalid'))).toBe(true)
  })

  it('makes a key, shows it once, and revokes it', async () => {
    await part('Keys')
    await page.getByRole('button', { name: 'New key' }).click()
    await page.getByRole('textbox', { name: 'For whom' }).fill('<b>dashboard</b>')
    await page.getByRole('radio', { name: 'these alone' }).check()
    await page.getByRole('checkbox', { name: 'rides' }).check()
    await page.getByRole('checkbox', { name: 'admin' }).check()
    await assertAccessible(page)
    await page.getByRole('button', { name: 'Make the key' }).click()
    await page.getByRole('alert').getByText('may read every table: leave out grants, or admin').waitFor()
    await page.getByRole('checkbox', { name: 'admin' }).uncheck()
    await page.getByRole('button', { name: 'Make the key' }).click()
    const made = await page.locator('.made-key code').textContent()
    const me = () => call('GET', '/v1/me', undefined, made ?? '')
    expect((await me()).body).toMatchObject({ scopes: ['read'], grants: [{ schema: 'main', table: 'rides' }] })
    await assertAccessible(page)
    await page.getByRole('button', { name: 'I have it' }).click()
    expect(await page.content()).not.toContain(made)
    await page.getByRole('button', { name: 'Revoke <b>dashboard</b>' }).click()
    await page.getByRole('button', { name: 'Revoke for ever' }).click()
    await page.getByRole('cell', { name: 'revoked' }).waitFor()
    expect((await me()).status).toBe(401)
    // The last administrator's key stays, and the page says why.
    await page.getByRole('button', { name: 'Revoke admin' }).click()
    await page.getByRole('button', { name: 'Revoke for ever' }).click()
    await page.getByRole('alert').getByText('conflict').waitFor()
  })

  it('draws where a table comes from', async () => {
    await part('Lineage')
    // Events are stored a moment after the write that they tell of.
    await expect.poll(async () => (await call('GET', '/v1/lineage?dataset=main.rides')).text, patience).toContain('"state":"COMPLETE"')
    await page.getByRole('combobox', { name: 'Table or view' }).selectOption('<b>made')
    const graph = page.getByRole('region', { name: 'Lineage of main.<b>made' })
    await graph.getByRole('button', { name: 'rides' }).waitFor()
    expect(await graph.locator('.job').textContent()).toContain('createTable.main.<b>madecomplete, version 4')
    await assertAccessible(page)
    await graph.getByRole('button', { name: 'rides' }).click()
    await page.getByRole('region', { name: 'Lineage of main.rides' }).getByRole('button', { name: '<b>made' }).waitFor()
  })

  it('says which right a key lacks', async () => {
    const { body } = await call('POST', '/v1/keys', { name: 'reader', scopes: ['read'] })
    const reader = await openPage(browser, { ...service, key: body.key })
    await reader.page.goto(`${service.url}/#/operate?part=keys`)
    await reader.page.getByText(`Keys need the scope admin; this key, ${body.id}, has read.`).waitFor()
    await reader.page.getByRole('tab', { name: 'Storage' }).click()
    await reader.page.getByRole('rowheader', { name: 'rides' }).waitFor()
    await reader.page.getByRole('tab', { name: 'Slow queries' }).click()
    await reader.page.getByText('Nothing has ended yet that this key asked. Run a statement').waitFor()
    await reader.page.getByRole('tab', { name: 'Now' }).click()
    await reader.page.getByText('Your statements that run or wait').waitFor()
    await reader.page.getByText('Figures of the engines need the scope admin').waitFor()
    await assertAccessible(reader.page)
    await reader.context.close()
  })
})

describe('the layout of a graph', () => {
  const node = (id: string) => ({ id, kind: 'dataset' as const, namespace: 'n', name: id })
  const edge = (text: string) => ({ from: text.slice(0, 1), to: text.slice(1) })
  const xs = (ids: string, ...edges: string[]) =>
    layoutGraph({ root: 'r', nodes: [...ids].map(node), edges: edges.map(edge), truncated: false })

  it('has what a root was made of at its left, and what was made of it at its right', () => {
    const { nodes, edges } = xs('rabcd', 'ab', 'br', 'rc', 'rd')
    const at = new Map(nodes.map(({ node: { id }, x, y }) => [id, { x, y }]))
    const order = ['a', 'b', 'r', 'c'].map(id => at.get(id)?.x ?? -1)
    expect(order).toEqual(order.toSorted((a, b) => a - b))
    expect(new Set(order).size).toBe(4)
    expect(at.get('c')?.x).toBe(at.get('d')?.x)
    expect(Math.abs((at.get('c')?.y ?? 0) - (at.get('d')?.y ?? 0))).toBeGreaterThanOrEqual(nodeSize.height)
    expect(edges).toHaveLength(4)
  })

  it('lets nothing flow back where one way is longer than another', () => {
    const { nodes } = xs('rabcde', 'ra', 'rb', 'bc', 'ca', 'dr', 'ed', 'er')
    const at = new Map(nodes.map(({ node: { id }, x }) => [id, x]))
    const order = ['e', 'd', 'r', 'b', 'c', 'a'].map(id => at.get(id) ?? -1)
    expect(order).toEqual(order.toSorted((a, b) => a - b))
    expect(new Set(order).size).toBe(6)
  })

  it('ends where data goes round', () => {
    const { nodes, edges } = xs('rj', 'rj', 'jr')
    expect([nodes.length, edges.length]).toEqual([2, 1])
    expect(xs('r', 'rr').nodes).toHaveLength(1)
  })
})
