import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { formatOf } from '../../service/workbench/views/upload/format-of.ts'
import { tableNameOf, whatIsWrongWith } from '../../service/workbench/views/upload/table-name.ts'
import { sampleBytes, takeSample } from '../../service/workbench/views/upload/take-sample.ts'
import { callService } from '../service/call-service.ts'
import type { Service } from '../service/start-service.ts'
import { assertAccessible } from './assert-accessible.ts'
import { describeInBrowser } from './describe-in-browser.ts'
import { type OpenPage, openPage } from './open-browser.ts'
import { openForEach } from './open-for-each.ts'
import { type Person, patience } from './person.ts'

describeInBrowser('a file', path => {
  let service: Service
  let browser: Browser
  let opened: OpenPage
  let page: Page
  let person: Person
  let call: ReturnType<typeof callService>
  openForEach(path, {
    served: async (given, withBrowser) => {
      service = given
      browser = withBrowser
      call = callService(given)
      await call('POST', '/v1/statements', { sql: "CREATE TABLE people AS SELECT 1::BIGINT AS id, 'Ada' AS name" })
    },
    opened: async given => {
      opened = given
      page = given.page
      person = given.person
      await page.getByRole('link', { name: 'Upload' }).click()
      await page.getByRole('button', { name: 'Choose a file' }).waitFor()
    },
  })

  const choose = (name: string, text: string | Buffer) =>
    page.locator('input[type=file]').setInputFiles({ name, mimeType: '', buffer: Buffer.from(text) })
  const rowsOf = async (sql: string) => (await service.query(sql)).body.rows
  const field = (name: string) => page.getByRole('combobox', { name })

  it('is looked at, gets another type where it wants one, is loaded and queried', async () => {
    await choose('Zähler <b>1</b>.csv', 'id,<img src=x onerror=alert(1)>,day\n1,a,2026-06-01\nx2,b,2026-06-02\n')
    await page.getByText('2 rows, 3 columns. Nothing is written yet.').waitFor()
    expect(await page.locator('.file-line').textContent()).toContain('Zähler <b>1</b>.csv')
    expect(await page.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('zahler_b_1_b')
    expect(await field('Type of day').inputValue()).toBe('DATE')
    await assertAccessible(page)
    await field('Type of id').selectOption('BIGINT')
    const problem = page.getByRole('alert')
    await problem.getByText('1 of 2 rows do not fit').waitFor()
    expect(await problem.getByRole('row').nth(1).getByRole('cell').allTextContents()).toEqual(['3', 'id', 'x2', 'is not a valid BIGINT'])
    await assertAccessible(page)
    await page.getByRole('button', { name: 'Take id as text' }).click()
    await page.getByText('Nothing is written yet.').waitFor()
    await page.getByRole('textbox', { name: 'Name' }).fill('meters')
    await page.getByRole('button', { name: 'Make the table' }).click()
    await page.getByRole('heading', { name: '2 rows made the table meters' }).waitFor()
    // The keyboard is where one goes on.
    await page.keyboard.press('Enter')
    await person.sees(1, ['x2', 'b', '2026-06-02'])
    await page.getByRole('treeitem', { name: 'meters' }).waitFor()
  })

  it('goes by keyboard alone, and keeps what was chosen when it is read in another way', async () => {
    // Before the key: the browser has to know by then that somebody waits for it.
    const choosing = page.waitForEvent('filechooser')
    await page.getByRole('button', { name: 'Choose a file' }).focus()
    await expect.poll(() => page.evaluate('document.activeElement.textContent'), patience).toBe('Choose a file')
    await page.keyboard.press('Enter')
    const chooser = await choosing
    await chooser.setFiles({ name: 'semi.csv', mimeType: '', buffer: Buffer.from('id;price\n1;2,5\n') })
    await field('Type of price').focus()
    await field('Type of price').selectOption('JSON')
    await field('Between values').focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await expect.poll(() => field('Between values').inputValue(), patience).toBe(';')
    await expect.poll(() => field('Type of price').inputValue(), patience).toBe('JSON')
    await field('Type of price').selectOption('VARCHAR')
    await page.getByText('1 row, 2 columns. Nothing is written yet.').waitFor()
    await page.getByRole('button', { name: 'Make the table' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: '1 row made the table semi' }).waitFor()
    await page.keyboard.press('Enter')
    // As SQL takes it: the word has a meaning of its own.
    await person.sees(0, ['1', '2,5'])
  })

  it('whose name does not say what is in it is taken for nothing until that is said', async () => {
    await choose('gauges', '{"id": 1}\n')
    await page.getByText('Its name does not say what is in the file: choose the format.').waitFor()
    expect(await page.getByRole('button', { name: 'Make the table' }).isDisabled()).toBe(true)
    await field('Format').selectOption('NDJSON')
    await page.getByText('1 row, 1 column. Nothing is written yet.').waitFor()
    await page.getByRole('button', { name: 'Make the table' }).click()
    await page.getByRole('heading', { name: '1 row made the table gauges' }).waitFor()
  })

  it('is added to a table, without the rows that do not fit if it is told so', async () => {
    await choose('people.ndjson', '{"id":2,"name":"Grace"}\n{"id":"no","name":"<b>"}\n')
    await page.getByText('There is a table of that name already.').waitFor()
    await page.getByRole('button', { name: 'Add the rows to it' }).click()
    await page.getByRole('alert').getByText('1 of 2 rows do not fit').waitFor()
    await page.getByRole('button', { name: 'Leave 1 row out and load the others' }).click()
    await page.getByRole('heading', { name: '1 row came into people' }).waitFor()
    expect(await page.getByRole('row').nth(1).getByRole('cell').first().textContent()).toBe('2')
    expect(await rowsOf('SELECT name FROM people ORDER BY id')).toEqual([['Ada'], ['Grace']])
    await assertAccessible(page)
  })

  it('is taken wherever it is dropped, and kept while other views are looked at', async () => {
    await page.getByRole('link', { name: 'Query' }).click()
    await person.type('SELECT 1 -- typed before')
    const files = await page.evaluateHandle(`{
      const files = new DataTransfer()
      files.items.add(new File(['[{"a": 1, "b": {"c": [true]}}]'], 'nested.json'))
      files
    }`)
    await page.dispatchEvent('.editor', 'dragover', { dataTransfer: files })
    await page.getByText('Drop the file to load it into a table').waitFor()
    await page.dispatchEvent('.editor', 'drop', { dataTransfer: files })
    await page.getByText('1 row, 2 columns').waitFor()
    await page.getByRole('link', { name: 'Query' }).click()
    expect(await person.editor.textContent()).toBe('SELECT 1 -- typed before')
    await page.getByRole('link', { name: 'Upload' }).click()
    await page.getByText('1 row, 2 columns').waitFor()
  })

  it('leaves nothing behind when it is cancelled on the way', async () => {
    const network = await opened.context.newCDPSession(page)
    const slow = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 400_000 }
    await choose('large.csv', `id,text\n${'1,some text that makes it long\n'.repeat(200_000)}`)
    await page.getByText('Its beginning was looked at').waitFor()
    await network.send('Network.emulateNetworkConditions', slow)
    await page.getByRole('button', { name: 'Make the table' }).click()
    await page.getByRole('progressbar', { name: 'The file is loaded' }).waitFor()
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('button', { name: 'Make the table' }).waitFor()
    await expect
      .poll(
        () => readdirSync(join(service.lakeDir, 'spool'), { recursive: true, withFileTypes: true }).filter(each => each.isFile()).length,
        patience,
      )
      .toBe(0)
    expect((await service.query('FROM large')).body).toMatchObject({ code: 'sqlInvalid' })
    expect(await page.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('large')
  })

  it('that is no such file says so, and a key without the right hears which is missing', async () => {
    await choose('broken.parquet', 'no Parquet at all')
    await page.getByRole('alert').waitFor()
    expect(await page.getByRole('alert').textContent()).toContain('dataInvalid')
    await page.getByRole('button', { name: 'Forget it' }).click()
    await page.getByRole('button', { name: 'Choose a file' }).waitFor()
    const { body } = await call('POST', '/v1/keys', { name: 'reader', scopes: ['read'] })
    const reader = await openPage(browser, { ...service, key: body.key })
    await reader.page.goto(`${service.url}/#/upload`)
    await reader.page.locator('input[type=file]').setInputFiles({ name: 'a.csv', mimeType: '', buffer: Buffer.from('a\n1\n') })
    await reader.page.getByRole('alert').getByText('This needs the scope write').waitFor()
    await reader.context.close()
  })
})

describe('a file’s name', () => {
  it.each([
    ['rides.csv', 'CSV', false],
    ['rides.JSONL.gz', 'NDJSON', true],
    ['a.b.parquet', 'Parquet', false],
    ['readme', undefined, false],
    ['csv', undefined, false],
    ['constructor.gz', undefined, true],
  ])('%s says %s', (name, format, packed) => {
    const found = formatOf(name)
    expect([found.format?.name, found.packed]).toEqual([format, packed])
  })

  it.each([
    ['Fahrten 2026 (Kopie).csv', 'fahrten_2026_kopie'],
    ['données.json.gz', 'donnees'],
    ['2026.csv', 't_2026'],
    ['שלום.csv', 'data'],
    [`${'long'.repeat(99)}.csv`, 'long'.repeat(15)],
  ])('%s gives a table %s', (file, table) => {
    expect(tableNameOf(file)).toBe(table)
    expect(whatIsWrongWith(table)).toBeUndefined()
  })

  it.each(['', '..', 'a/b', 'rides.csv', 'a\u200bb', 'a\nb', 'x'.repeat(129)])('cannot be %j', name => {
    expect(whatIsWrongWith(name)).toMatch(/\.$/)
  })
})

describe('the beginning of a file', () => {
  const lines = (line: string) => new Blob([line.repeat(Math.ceil((sampleBytes * 2) / line.length))])

  it('is all of it if it is small', async () => {
    const small = new Blob(['a\n1\n'])
    expect(await takeSample(small)).toBe(small)
  })

  it('ends where a line ends', async () => {
    const text = await (await takeSample(lines('1,two,three\n'))).text()
    expect(text.endsWith('three\n')).toBe(true)
    expect(text.length).toBeGreaterThan(sampleBytes - 20)
  })

  it('ends in no quotes', async () => {
    const text = await (await takeSample(lines('1,"two\nlines"\n'))).text()
    expect(text.endsWith('lines"\n')).toBe(true)
  })

  it('is all of it if no line ends', async () => {
    const one = lines('x')
    expect(await takeSample(one)).toBe(one)
  })
})
