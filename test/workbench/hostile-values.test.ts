import type { Page } from 'playwright-core'
import { afterEach, expect, it } from 'vitest'
import { callService } from '../service/call-service.ts'
import type { Service } from '../service/start-service.ts'
import { describeInBrowser } from './describe-in-browser.ts'
import { openForEach } from './open-for-each.ts'
import type { Person } from './person.ts'

/** Each calls `hacked` if it is taken for more than a text. */
const corpus = [
  '<img src=x onerror=hacked()>',
  '<script>hacked()</script>',
  '"><svg onload=hacked()>',
  "'-hacked()-'",
  'javascript:hacked()',
  '<iframe srcdoc="<script>parent.hacked()</script>">',
  '</textarea></title></style><img src=x onerror=hacked()>',
  '&lt;img src=x onerror=hacked()&gt;',
  '{{constructor.constructor("hacked()")()}}',
  '<details open ontoggle=hacked()>',
  '😀👩‍👩‍👧‍👦 é 中文',
  '\u202Egnirts\u202C שלום مرحبا',
  '=HYPERLINK("javascript:hacked()")',
]

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`
const named = (text: string) => `"${text.replaceAll('"', '""')}"`

describeInBrowser('what comes out of the lake', path => {
  let service: Service
  let page: Page
  let person: Person
  openForEach(path, {
    served: async given => {
      service = given
      const call = callService(given)
      const columns = corpus.map(text => `${quoted(text)} AS ${named(text)}`).join(', ')
      const { status, text } = await call('POST', '/v1/statements', { sql: `CREATE TABLE ${named(corpus[0] ?? '')} AS SELECT ${columns}` })
      expect(text).toContain('"kind":"createTable"')
      expect(status).toBe(200)
    },
    opened: async given => {
      page = given.page
      person = given.person
      await page.evaluate('globalThis.hacked = () => { globalThis.wasHacked = true }')
    },
  })
  afterEach(async () => {
    const [wasHacked, elements] = await page.evaluate<[unknown, number]>(
      "[globalThis.wasHacked, document.querySelectorAll('img, iframe, script:not([src]), svg:not(.icon)').length]",
    )
    expect([wasHacked, elements]).toEqual([undefined, 0])
  })

  it('is shown as text: names of tables and columns, values, in every view', async () => {
    const table = page.locator('.level-2').filter({ hasText: corpus[0] ?? '' })
    await table.press('ArrowRight')
    await page.getByRole('treeitem', { name: corpus[1] ?? '' }).waitFor()
    await table.press('Enter')
    await person.sees(0, corpus.slice(0, 5))
    await person.cell(0, 0).dblclick()
    await page
      .getByRole('dialog')
      .getByText(corpus[0] ?? '')
      .last()
      .waitFor()
    await person.leaveDialog()
    await person.run(
      `SELECT value, count(*) AS n FROM (VALUES ${corpus.map(text => `(${quoted(text)})`).join(', ')}) AS t(value) GROUP BY ALL`,
    )
    await page.getByRole('tab', { name: 'Chart' }).click()
    await page.locator('.chart-canvas canvas').waitFor()
    await page.getByText('The values as a table').click()
    await page.getByRole('rowheader', { name: corpus[1] ?? '' }).waitFor()
    await page.getByRole('tab', { name: 'Plan' }).click()
    await page.getByRole('region', { name: 'Plan' }).waitFor()
    await page.getByRole('tab', { name: 'Messages' }).click()
    await person.run(`SELECT ${named('<img src=x onerror=hacked()>')}`)
    await page.getByRole('alert').waitFor()
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: 'Find' }).fill('hacked')
    await page.getByRole('option', { name: 'Asked before' }).first().waitFor()
    await person.leaveDialog()
    await page.getByRole('link', { name: 'History' }).click()
    await page
      .getByRole('listitem')
      .filter({ hasText: corpus[0] ?? '' })
      .first()
      .waitFor()
  })

  it('may come by a link, which runs nothing', async () => {
    const link = new URLSearchParams({
      sql: `SELECT ${quoted(corpus[0] ?? '')}`,
      title: corpus[0] ?? '',
      chart: '{"kind":"<b>","x":1,"y":2}',
    })
    await page.goto(`${service.url}/#/query?${link}`)
    await page.getByRole('tab', { name: corpus[0] ?? '' }).waitFor()
    expect(await page.getByRole('grid').count()).toBe(0)
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await person.sees(0, [corpus[0] ?? ''])
  })

  it('is shown with its columns if it has no rows', async () => {
    await person.run('SELECT * FROM rides WHERE false')
    await page.getByText('0 rows: the statement has these columns and found nothing.').waitFor()
    await page.getByRole('columnheader', { name: 'from_station' }).waitFor()
    await page.getByRole('tab', { name: 'Chart' }).click()
    await page.getByText('there is nothing to draw').waitFor()
  })

  it('may have 1,000 columns, of which those in sight are on the page', async () => {
    await person.run(`SELECT ${Array.from({ length: 1_000 }, (_, index) => `${index} AS c${index}`).join(', ')}`)
    await person.sees(0, ['0', '1', '2'])
    expect(await page.getByRole('gridcell').count()).toBeLessThan(60)
    await person.grid.focus()
    await page.keyboard.press('End')
    await person.cell(0, 999).getByText('999').waitFor()
    await page.getByRole('tab', { name: 'Chart' }).click()
    await page.locator('.chart-canvas canvas').waitFor()
  })

  it('may have values of 10 KB and of 5 MB, names too', async () => {
    const long = 'n'.repeat(10_000)
    await person.run(`SELECT repeat('<b>', 3500) AS ${named(long)}, repeat('😀', 1310720) AS large`)
    await person.cell(0, 1).getByText('😀').waitFor()
    expect((await person.cell(0, 1).textContent())?.length).toBeLessThan(400)
    await person.cell(0, 1).dblclick()
    await page.getByRole('dialog').getByText('2,621,440 characters, of which the first 100,000 characters are shown').waitFor()
  })
})
