import { chromium, type Page } from 'playwright-core'
import { type Service, startService, stopService } from '../../test/service/start-service.ts'
import { chromiumPath, openPage } from '../../test/workbench/open-browser.ts'

// How smoothly a result of 50,000 rows and 40 columns scrolls, beside an empty element of the same height in the same browser; what it takes of
// memory; how soon the page is there. `node --import tsx/esm bench/workbench/run.ts`

const [rows, columns, rowHeight] = [50_000, 40, 26]
const secondsOfScrolling = 8
const loads = 9

const found = chromiumPath()
if (!('path' in found)) throw new Error(found.missing)
const service = await startService()
const browser = await chromium.launch({
  executablePath: found.path,
  args: ['--no-sandbox', '--disable-gpu', '--enable-precise-memory-info'],
})
try {
  const { page, person } = await openPage(browser, service)
  await page.getByRole('treeitem', { name: 'rides' }).waitFor()
  const values = Array.from({ length: columns }, (_, column) => `'value ' || (range * ${column + 1}) AS c${column}`)
  await person.run(`SELECT ${values.join(', ')} FROM range(${rows})`)
  await person.cell(0, 0).getByText('value 0').waitFor()
  const empty = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage()
  await empty.setContent(`<div role="grid" style="height: 400px; overflow: auto"><div style="height: ${rows * rowHeight}px"></div></div>`)
  const rates: Record<'result' | 'empty', number[]> = { result: [], empty: [] }
  const drawn: number[] = []
  for (let round = 0; round < 3; round += 1)
    for (const [name, where] of [
      ['result', page],
      ['empty', empty],
    ] as const) {
      await where.bringToFront()
      const { frames, seconds, withCells } = await scroll(where)
      rates[name].push(frames / seconds)
      if (name === 'result') drawn.push(withCells / frames)
    }
  await person.page.bringToFront()
  const heap = await page.evaluate<number>('(globalThis.gc?.(), performance.memory.usedJSHeapSize)')
  const [ofResult, ofEmpty] = [median(rates.result), median(rates.empty)]
  console.log(`frames a second: ${ofResult.toFixed(0)}, of an empty element ${ofEmpty.toFixed(0)}: ${(ofResult / ofEmpty).toFixed(2)}`)
  console.log(`frames that have rows in sight: ${(median(drawn) * 100).toFixed(0)} %`)
  console.log(`heap after it: ${(heap / 1e6).toFixed(0)} MB`)
  const paints: number[] = []
  for (let load = 0; load < loads; load += 1) paints.push(await largestPaint(service))
  console.log(`largest contentful paint: median ${median(paints).toFixed(0)} ms, longest ${Math.max(...paints).toFixed(0)} ms`)
} finally {
  await browser.close()
  await stopService(service)
}

/** Ten rows a frame, as a fast wheel does, down and back up. */
function scroll(page: Page): Promise<{ readonly frames: number; readonly seconds: number; readonly withCells: number }> {
  return page.evaluate(`new Promise(resolve => {
    const grid = document.querySelector('[role=grid]')
    const started = performance.now()
    let [frames, withCells, by] = [0, 0, ${10 * rowHeight}]
    const step = () => {
      const seconds = (performance.now() - started) / 1000
      if (seconds > ${secondsOfScrolling}) return resolve({ frames, seconds, withCells })
      const { top, bottom } = grid.getBoundingClientRect()
      const middle = (top + bottom) / 2
      withCells += [...grid.querySelectorAll('[role=gridcell]')].some(cell => {
        const box = cell.getBoundingClientRect()
        return box.top <= middle && box.bottom >= middle
      })
      frames += 1
      if (seconds > ${secondsOfScrolling} / 2) by = -${10 * rowHeight}
      grid.scrollTop += by
      requestAnimationFrame(step)
    }
    requestAnimationFrame(step)
  })`)
}

/** In a profile of its own: nothing is cached. */
async function largestPaint({ url, key }: Service): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  const page = await context.newPage()
  await page.addInitScript(
    `globalThis.paints = []; new PerformanceObserver(list => paints.push(...list.getEntries().map(({ startTime }) => startTime))).observe({ type: 'largest-contentful-paint', buffered: true })`,
  )
  await page.goto(`${url}/#key=${key}`)
  await page.getByRole('treeitem', { name: 'rides' }).waitFor()
  await page.waitForTimeout(500)
  const last = await page.evaluate<number>('paints.at(-1)')
  await context.close()
  return last
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}
