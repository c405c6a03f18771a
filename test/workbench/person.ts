import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'

/** How long a busy machine may take for what a person waits for. */
export const patience = { timeout: 30_000, interval: 50 }

/** What a person does with the page, and sees on it. */
export class Person {
  constructor(readonly page: Page) {}

  get editor(): Locator {
    return this.page.getByRole('textbox', { name: 'SQL' })
  }

  get grid(): Locator {
    return this.page.getByRole('grid', { name: 'Result' })
  }

  /** In place of what is there. The editor itself deletes that: where Chromium does, it tries inline styles, which the page does not allow. */
  async type(sql: string): Promise<void> {
    await this.editor.focus()
    await this.page.keyboard.press('Control+a')
    await this.page.keyboard.press('Delete')
    await this.page.keyboard.insertText(sql)
  }

  async run(sql: string): Promise<void> {
    await this.type(sql)
    await this.page.keyboard.press('Control+Enter')
  }

  cell(row: number, column: number): Locator {
    return this.grid.locator(`[role=gridcell][data-row="${row}"][data-column="${column}"]`)
  }

  /** Closes a dialog, and waits until it has gone: the page hears of it a moment later. */
  async leaveDialog(): Promise<void> {
    await this.page.keyboard.press('Escape')
    await this.page.locator('dialog').waitFor({ state: 'detached' })
  }

  /** Waits until the first cells of a row are these: a row is on the page before its values are. */
  async sees(row: number, texts: readonly string[]): Promise<void> {
    const look = (column: number) =>
      this.cell(row, column)
        .textContent({ timeout: 1_000 })
        .catch(() => 'no such cell')
    await expect.poll(() => Promise.all(texts.map((_, column) => look(column))), patience).toEqual(texts)
  }

  /** Waits until it is said to those who do not see the page. */
  async hears(text: string | RegExp): Promise<void> {
    await this.page.getByRole('status').getByText(text).waitFor({ state: 'attached' })
  }
}
