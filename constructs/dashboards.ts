import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard'
import { k8s } from 'cdk8s-plus-28'
import { Construct } from 'constructs'
import { checkDashboard, dashboardText } from './dashboards/check-dashboard.ts'
import { loggingHealth } from './dashboards/logging-health.ts'
import { logsOverview } from './dashboards/logs-overview.ts'
import { postgres } from './dashboards/postgres.ts'
import { serviceRequests } from './dashboards/service-requests.ts'
import { grafanaDatasource } from './grafana-datasource.ts'
import { invalid } from './invalid.ts'
import { labels } from './labels.ts'
import { postgresEvents } from './log-pipelines.ts'

/** All there are. Their `uid`s never change: links and bookmarks hold them. */
export function dashboards(): readonly Dashboard[] {
  return [logsOverview(), serviceRequests(), postgres(postgresEvents), loggingHealth()]
}

interface DashboardsProps {
  /** Where Loki is asked. */
  readonly queryUrl: string
  /** @default - all there are */
  readonly dashboards?: readonly Dashboard[]
}

/** What Grafana shows, in ConfigMaps with the labels by which the sidecar of its chart finds them; it has to look into this namespace. */
export class Dashboards extends Construct {
  constructor(scope: Construct, { queryUrl, dashboards: shown = dashboards() }: DashboardsProps) {
    super(scope, 'dashboards')
    for (const dashboard of shown) {
      const { title, uid } = dashboard
      if (!uid) throw invalid(this, `the dashboard "${title}" has no uid: give it one that stays.`)
      for (const sentence of checkDashboard(dashboard)) throw invalid(this, `the dashboard "${title}": ${sentence}`)
      this.configMap(`grafana-${uid}`, 'grafana_dashboard', { [`${uid}.json`]: dashboardText(dashboard) })
    }
    this.configMap('grafana-loki', 'grafana_datasource', { 'loki.yaml': grafanaDatasource(queryUrl) })
  }

  private configMap(name: string, label: string, data: Readonly<Record<string, string>>): void {
    new k8s.KubeConfigMap(this, name, { metadata: { name, labels: { ...labels(name, 'grafana'), [label]: '1' } }, data })
  }
}
