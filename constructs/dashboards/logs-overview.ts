import { type Dashboard, DashboardBuilder, RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard'
import { figure, graph, lines, ranking } from './panels.ts'
import { chooseLabel, chooseLoki, typeText } from './variables.ts'

const chosen = 'namespace=~"$namespace", app=~"$app", level=~"$level"'
const failing = 'namespace=~"$namespace", app=~"$app", level=~"error|fatal"'

/** Where somebody looks first: who writes how much, and who complains. */
export function logsOverview(): Dashboard {
  return new DashboardBuilder('Logs overview')
    .uid('ducklake-logs')
    .description('What all pods write: how much, how much of it is errors, and the lines themselves.')
    .tags(['ducklake', 'logs'])
    .time({ from: 'now-1h', to: 'now' })
    .refresh('1m')
    .withVariable(chooseLoki())
    .withVariable(chooseLabel('namespace'))
    .withVariable(chooseLabel('app', { of: '{namespace=~"$namespace"}' }))
    .withVariable(chooseLabel('level', { of: '{namespace=~"$namespace", app=~"$app"}', orWithout: true }))
    .withVariable(typeText('search', 'contains', ''))
    .withPanel(
      figure({
        title: 'Lines',
        description: 'All lines of the time that is shown.',
        unit: 'short',
        query: `sum(count_over_time({${chosen}}[$__range]))`,
      }),
    )
    .withPanel(
      figure({
        title: 'Errors',
        description: 'Lines of level error or fatal.',
        unit: 'short',
        query: `sum(count_over_time({${failing}}[$__range]))`,
      }),
    )
    .withPanel(
      figure({
        title: 'Programs that log errors',
        description: 'How many programs have at least one error in the time that is shown.',
        unit: 'short',
        query: `count(sum by (namespace, app) (count_over_time({${failing}}[$__range])))`,
      }),
    )
    .withPanel(
      figure({
        title: 'Size',
        description: 'Text of all lines, before Loki compresses it.',
        unit: 'bytes',
        query: `sum(bytes_over_time({${chosen}}[$__range]))`,
      }),
    )
    .withRow(new RowBuilder('Over time'))
    .withPanel(
      graph({
        title: 'Lines by level',
        description: 'Lines that say no level, text for example, have an empty one.',
        unit: 'short',
        stacked: true,
        series: [{ query: `sum by (level) (count_over_time({${chosen}}[$__auto]))`, legend: '{{level}}' }],
      }),
    )
    .withPanel(
      graph({
        title: 'Errors by program',
        description: 'Lines of level error or fatal. A new line of this graph is the first thing to look at.',
        unit: 'short',
        series: [{ query: `sum by (namespace, app) (count_over_time({${failing}}[$__auto]))`, legend: '{{namespace}}/{{app}}' }],
      }),
    )
    .withPanel(
      graph({
        title: 'Bytes by program',
        description: 'The ten that write most. Who doubles what Loki has to keep shows here.',
        unit: 'Bps',
        series: [{ query: `topk(10, sum by (namespace, app) (bytes_rate({${chosen}}[$__auto])))`, legend: '{{namespace}}/{{app}}' }],
      }),
    )
    .withPanel(
      ranking({
        title: 'Most errors',
        description: 'Programs by the number of their errors in the time that is shown.',
        unit: 'short',
        query: `topk(20, sum by (namespace, app, level) (count_over_time({${failing}}[$__range])))`,
      }),
    )
    .withRow(new RowBuilder('Lines'))
    .withPanel(
      lines({
        title: 'Errors',
        description: 'The newest lines of level error or fatal. With a request id, its details have a link to the whole request.',
        query: `{${failing}}`,
      }),
    )
    .withPanel(
      lines({
        title: 'All lines',
        description: 'The newest lines of what is chosen above that contain the text in “contains”, in capital or small letters.',
        query: `{${chosen}} |~ "(?i)$search"`,
      }),
    )
    .build()
}
