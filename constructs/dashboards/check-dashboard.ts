import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard'
import { checkLogql } from '../logql/check-logql.ts'
import { fields, list, text } from '../manifest.ts'

/** What etcd takes of one ConfigMap is 1 MiB; a tenth of it is for what stands beside the text. */
const maxBytes = 0.9 * 1024 * 1024

/** @returns a sentence for each mistake of a panel, and one for a dashboard that fits no ConfigMap. */
export function checkDashboard(dashboard: Dashboard): string[] {
  const size = Buffer.byteLength(dashboardText(dashboard))
  return [
    ...(size > maxBytes ? [`has ${size} bytes and a ConfigMap takes ${maxBytes}: make two of it.`] : []),
    ...panelsOf(dashboard).flatMap(({ title, description, queries }) => [
      ...(title && description ? [] : [`the panel "${title}" needs a title and a description.`]),
      ...queries.flatMap(query => checkLogql(query, 'panel').map(sentence => `the panel "${title}", ${sentence}`)),
    ]),
  ]
}

/** As it is written: Grafana reads it from a file. */
export function dashboardText(dashboard: Dashboard): string {
  return `${JSON.stringify(dashboard, null, 2)}\n`
}

export interface Panel {
  readonly title: string
  readonly description: string
  /** Grafana's word for the kind: timeseries, logs, stat, table. */
  readonly kind: string
  readonly unit: string
  readonly queries: readonly string[]
}

/** The panels that show something; rows are headings. */
export function panelsOf(dashboard: Dashboard): Panel[] {
  return list(dashboard.panels)
    .map(fields)
    .filter(({ type }) => type !== 'row')
    .map(panel => ({
      title: text(panel.title) ?? '',
      description: text(panel.description) ?? '',
      kind: text(panel.type) ?? '',
      unit: text(fields(fields(panel.fieldConfig).defaults).unit) ?? '',
      queries: list(panel.targets).map(target => text(fields(target).expr) ?? ''),
    }))
}
