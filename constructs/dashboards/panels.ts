import {
  ReduceDataOptionsBuilder,
  StackingConfigBuilder,
  StackingMode,
  VizLegendOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common'
import { PanelBuilder as LogsPanel } from '@grafana/grafana-foundation-sdk/logs'
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/loki'
import { PanelBuilder as StatPanel } from '@grafana/grafana-foundation-sdk/stat'
import { PanelBuilder as TablePanel } from '@grafana/grafana-foundation-sdk/table'
import { PanelBuilder as GraphPanel } from '@grafana/grafana-foundation-sdk/timeseries'
import { loki } from './variables.ts'

/** What every panel says of itself. */
interface Caption {
  readonly title: string
  /** What is seen, and what it may mean, for somebody who did not build it. */
  readonly description: string
  /** Of 24 columns.
   * @default - as the kind of panel has it */
  readonly width?: number
}

/** What the builders of all kinds of panels have. */
interface PanelFrame {
  title(title: string): this
  description(description: string): this
  datasource(datasource: typeof loki): this
  height(rows: number): this
  span(columns: number): this
}

function captioned<Panel extends PanelFrame>(
  panel: Panel,
  { title, description, width }: Caption,
  size: { height: number; width: number },
): Panel {
  return panel
    .title(title)
    .description(description)
    .datasource(loki)
    .height(size.height)
    .span(width ?? size.width)
}

interface Series {
  readonly query: string
  /** What a line is called: words, and `{{label}}`. */
  readonly legend: string
}

/** Figures over time. */
export function graph(
  caption: Caption & {
    readonly series: readonly Series[]
    /** Grafana's own word, `ms` or `Bps` for example. @see https://grafana.com/docs/grafana/latest/panels-visualizations/configure-standard-options/ */
    readonly unit: string
    /** Whether the series are parts of a whole.
     * @default false */
    readonly stacked?: boolean
  },
): GraphPanel {
  const panel = captioned(new GraphPanel(), caption, { height: 8, width: 12 })
    .unit(caption.unit)
    .min(0)
    .fillOpacity(caption.stacked ? 30 : 0)
    .legend(new VizLegendOptionsBuilder().showLegend(true))
  if (caption.stacked) panel.stacking(new StackingConfigBuilder().mode(StackingMode.Normal))
  for (const [index, { query, legend }] of caption.series.entries())
    panel.withTarget(new DataqueryBuilder().refId(refId(index)).expr(query).legendFormat(legend).queryType('range').range(true))
  return panel
}

/** The newest lines. */
export function lines(caption: Caption & { readonly query: string }): LogsPanel {
  return captioned(new LogsPanel(), caption, { height: 10, width: 24 })
    .showTime(true)
    .wrapLogMessage(true)
    .enableLogDetails(true)
    .withTarget(new DataqueryBuilder().refId('A').expr(caption.query).queryType('range').range(true).maxLines(500))
}

/** One number for the whole range. */
export function figure(caption: Caption & { readonly query: string; readonly unit: string }): StatPanel {
  return captioned(new StatPanel(), caption, { height: 4, width: 6 })
    .unit(caption.unit)
    .noValue('0')
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']))
    .withTarget(new DataqueryBuilder().refId('A').expr(caption.query).queryType('instant').instant(true))
}

/** Rows with a number each, for the whole range. */
export function ranking(caption: Caption & { readonly query: string; readonly unit: string }): TablePanel {
  return captioned(new TablePanel(), caption, { height: 8, width: 12 })
    .unit(caption.unit)
    .withTransformation({ id: 'organize', options: { excludeByName: { Time: true } } })
    .withTarget(new DataqueryBuilder().refId('A').expr(caption.query).queryType('instant').instant(true))
}

function refId(index: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + index)
}
