import { DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { checkDashboard, dashboardText, panelsOf } from '../../constructs/dashboards/check-dashboard.ts'
import { graph } from '../../constructs/dashboards/panels.ts'
import { Dashboards, dashboards } from '../../constructs/dashboards.ts'
import { LakeApp } from '../../constructs/lake-app.ts'
import { postgresEvents } from '../../constructs/log-pipelines.ts'
import { fields, list } from '../../constructs/manifest.ts'
import { ManifestFile } from '../../constructs/manifest-file.ts'
import { at, manifestsOf } from './synth.ts'

function render(shown = dashboards()) {
  const app = new LakeApp('test')
  const namespace = app.namespaces.add('logging')
  new Dashboards(new ManifestFile(app, 'logging', { namespace }), { queryUrl: 'http://loki:3100', dashboards: shown })
  return manifestsOf(app.render())
}

const wrong = (query: string) =>
  new DashboardBuilder('Wrong')
    .uid('wrong')
    .withPanel(graph({ title: 'Rate', description: 'Of lines.', unit: 'short', series: [{ query, legend: '' }] }))
    .build()

describe('the ConfigMaps', () => {
  const manifests = render()
  it('carry the labels that the sidecar looks for, and files that Grafana reads', () => {
    const found = [...manifests.values()].filter(({ kind }) => kind === 'ConfigMap')
    expect(found.map(({ metadata, data }) => [metadata.name, metadata.labels?.grafana_dashboard, Object.keys(fields(data))])).toEqual([
      ['grafana-ducklake-logs', '1', ['ducklake-logs.json']],
      ['grafana-ducklake-requests', '1', ['ducklake-requests.json']],
      ['grafana-ducklake-postgres', '1', ['ducklake-postgres.json']],
      ['grafana-ducklake-logging', '1', ['ducklake-logging.json']],
      ['grafana-loki', undefined, ['loki.yaml']],
    ])
    expect(manifests.get('ConfigMap grafana-loki')?.metadata.labels?.grafana_datasource).toBe('1')
    const text = String(fields(at(manifests.get('ConfigMap grafana-ducklake-postgres'), 'data'))['ducklake-postgres.json'])
    expect(JSON.parse(text)).toMatchObject({ uid: 'ducklake-postgres', title: 'PostgreSQL' })
  })

  it('are the same each time', () => {
    expect(dashboards().map(dashboardText)).toEqual(dashboards().map(dashboardText))
  })

  it('lead from a line to all that was logged about its request, with each $ twice', () => {
    const { datasources } = parse(String(fields(at(manifests.get('ConfigMap grafana-loki'), 'data'))['loki.yaml']))
    expect(datasources).toMatchObject([
      {
        url: 'http://loki:3100',
        jsonData: {
          derivedFields: [
            { matcherRegex: 'request_id', url: '/d/ducklake-requests?var-request_id=$${__value.raw}&from=$${__from}&to=$${__to}' },
          ],
        },
      },
    ])
    const [, requests] = dashboards()
    expect(requests && panelsOf(requests).flatMap(({ queries }) => queries)).toContain(
      '{namespace=~"$namespace"} |= "$request_id" | json | request_id="$request_id"',
    )
  })

  it.each([
    ['rate({app="a"}[$__auto]', 'test/logging/dashboards: the dashboard "Wrong": the panel "Rate", LogQL\'s grammar stops at'],
    ['sum(rate({app="a"} | json [$__auto]))', 'the panel "Rate", at character 22 (json [$__auto]))): one line that is no JSON'],
  ])('are not written with %s', (query, sentence) => {
    expect(() => render([wrong(query)])).toThrow(sentence)
  })

  it('are not written beyond the size of one, or without a name that stays', () => {
    const large = new DashboardBuilder('Large').uid('large').description('x'.repeat(1_000_000)).build()
    expect(() => render([large])).toThrow(/the dashboard "Large": has 10\d{5} bytes and a ConfigMap takes 943718\.4: make two of it\./)
    expect(() => render([new DashboardBuilder('Nameless').build()])).toThrow('the dashboard "Nameless" has no uid: give it one that stays.')
  })

  it('nor with a panel that says nothing of itself', () => {
    const mute = new DashboardBuilder('Mute').withPanel(graph({ title: 'Rate', description: '', unit: 'short', series: [] })).build()
    expect(checkDashboard(mute)).toEqual(['the panel "Rate" needs a title and a description.'])
  })
})

describe.each(dashboards())('the dashboard $title', dashboard => {
  const panels = panelsOf(dashboard)
  const variables = list(fields(dashboard.templating).list).map(fields)

  it('asks over what is shown, in steps that fit it', () => {
    const metrics = panels.filter(({ kind }) => kind !== 'logs')
    for (const { kind, queries, unit } of metrics) {
      for (const query of queries) expect(query).toMatch(kind === 'timeseries' ? /\[\$__auto\]/ : /\[\$__range\]/)
      expect(unit).not.toBe('')
    }
  })

  it('has every variable that it uses, and uses every one it has', () => {
    const used = JSON.stringify(dashboard.panels).match(/\$(?!__)\w+/g) ?? []
    const names = variables.map(({ name }) => `$${name}`)
    expect([...new Set(used)].sort()).toEqual(names.sort())
  })

  it('means all streams by “all”, and only those where the label must be there', () => {
    for (const { allValue, includeAll, name } of variables)
      if (includeAll === true) expect([name, allValue]).toEqual([name, ['level', 'database'].includes(String(name)) ? '.*' : '.+'])
  })

  it('lays no panel over another and none over the edge', () => {
    const taken = new Set<string>()
    for (const { gridPos } of list(dashboard.panels).map(fields)) {
      const { x, y, w, h } = fields(gridPos)
      expect(Number(x) + Number(w)).toBeLessThanOrEqual(24)
      for (let column = Number(x); column < Number(x) + Number(w); column++) {
        for (let row = Number(y); row < Number(y) + Number(h); row++) {
          expect(taken).not.toContain(`${column}/${row}`)
          taken.add(`${column}/${row}`)
        }
      }
    }
  })
})

it('every event that asks for a panel has one in the PostgreSQL dashboard', () => {
  const [, , postgres] = dashboards()
  const titles = postgres ? panelsOf(postgres).map(({ title }) => title) : []
  const wanted = postgresEvents.flatMap(({ panel }) => (panel ? [panel.title] : []))
  expect(wanted.length).toBeGreaterThan(5)
  expect(titles).toEqual(expect.arrayContaining(wanted))
})
