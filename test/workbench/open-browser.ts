import { execFileSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import type { Service } from '../service/start-service.ts'
import { Person } from './person.ts'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** Nothing that asks anybody else but the service. */
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** A Chromium of this machine, if it has one. */
function findChromium(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return folders.flatMap(folder => names.map(name => join(folder, name))).find(isProgram)
}

/** Where a browser is, or why there is none. On a fresh Debian with root's rights it is installed, and in CI it has to be there. */
export function chromiumPath(): { readonly path: string } | { readonly missing: string } {
  const found = findChromium()
  if (found) return { path: found }
  const missing = 'no Chromium or Chrome on the PATH'
  if (process.getuid?.() !== 0 || !isProgram('/usr/bin/apt-get')) return { missing }
  console.log('installing Chromium with apt-get …')
  try {
    execFileSync('apt-get', ['update', '-q'], { stdio: 'ignore' })
    execFileSync('apt-get', ['install', '-q', '-y', '--no-install-recommends', 'chromium'], {
      stdio: 'ignore',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    })
  } catch (error) {
    return { missing: `${missing}, and apt-get did not install it: ${error instanceof Error ? error.message : String(error)}` }
  }
  const installed = findChromium()
  return installed ? { path: installed } : { missing }
}

/** A browser with a profile of its own. */
export function openBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args })
}

export interface OpenPage {
  readonly page: Page
  readonly context: BrowserContext
  /** What the page's console said that it should not have, violations of the content security policy too. */
  readonly complaints: readonly string[]
  readonly person: Person
}

/** The page as the line that `npm start` prints opens it. @param fragment behind the key */
export async function openPage(
  browser: Browser,
  { url, key }: Pick<Service, 'url' | 'key'>,
  options: BrowserContextOptions = {},
): Promise<OpenPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', error => complaints.push(String(error)))
  page.on('console', message => {
    if (message.type() === 'error' && !/Failed to load resource|Applying inline style/.test(message.text())) complaints.push(message.text())
  })
  await page.addInitScript(tellOfInlineStyles)
  await page.goto(`${url}/#key=${key}`)
  return { page, context, complaints, person: new Person(page) }
}

/** Chromium's own editing keeps the colour of what was deleted in front of the cursor, tries to, and is refused: the editor wants no such style
 * anyway. Every other inline style is the page's mistake. */
const tellOfInlineStyles = `document.addEventListener('securitypolicyviolation', ({ target, violatedDirective }) => {
  if (violatedDirective.startsWith('style-src') && !target?.matches?.('.editor')) console.error('inline style: ' + target?.outerHTML?.slice(0, 200))
})`

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
