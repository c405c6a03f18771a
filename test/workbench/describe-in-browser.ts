import { describe, it } from 'vitest'
import { chromiumPath } from './open-browser.ts'

/** Tests in a real browser. Without one they are skipped with the reason, and fail in CI. */
export function describeInBrowser(name: string, tests: (path: string) => void): void {
  const chromium = chromiumPath()
  if ('path' in chromium) describe(name, () => tests(chromium.path))
  else if (process.env.CI === 'true')
    it(`${name} needs a browser`, () => {
      throw new Error(chromium.missing)
    })
  else it.skip(`${name}, skipped: ${chromium.missing}`, () => {})
}
