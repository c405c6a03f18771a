import type { ChartData } from './chart-data.ts'
import { figureText } from './figures.ts'

/** A page with more lines than this takes a second to be laid out. */
const maxLines = 500

/** What the drawing shows, to be read. */
export function ChartTable({ head, data: { labels, series } }: { readonly head: string; readonly data: ChartData }) {
  return (
    <details class="chart-table">
      <summary>The values as a table</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by keyboard */}
      <div class="chart-table-scroll" tabIndex={0} role="region" aria-label="Values of the chart">
        <table class="plain">
          {labels.length > maxLines && <caption>{`The first ${maxLines} of ${labels.length}; the result has all.`}</caption>}
          <thead>
            <tr>
              <th scope="col">{head}</th>
              {series.map(({ label }) => (
                <th key={label} scope="col" class="number">
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {labels.slice(0, maxLines).map((label, index) => (
              <tr key={index}>
                <th scope="row" dir="auto">
                  {label}
                </th>
                {series.map(({ label: name, values }) => (
                  <td key={name} class="number">
                    {figureText(values[index])}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}
