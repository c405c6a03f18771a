import axe from 'axe-core'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

/** What axe finds serious or worse on a page as it is now, in both themes: there shall be nothing. */
export async function assertAccessible(page: Page): Promise<void> {
  await page.evaluate(axe.source)
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    const { violations }: axe.AxeResults = await page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
    const told = grave.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => ({ id, html: html.slice(0, 200), failureSummary })),
    )
    expect(told, colorScheme).toEqual([])
  }
}
