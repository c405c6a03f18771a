import { type Panel, panelsOf } from '../../../constructs/dashboards/check-dashboard.ts'
import { dashboards } from '../../../constructs/dashboards.ts'
import { fields, list } from '../../../constructs/manifest.ts'

/** What a panel's query gave. */
export interface PanelAnswer {
  readonly dashboard: string
  readonly panel: string
  readonly query: string
  /** Series or streams; 0 is a panel that stays empty. */
  readonly rows: number
  readonly ms: number
}

/** What a dashboard's fields hold: everything, and one request. */
interface Chosen {
  readonly requestId: string
  /** Beginning of what is shown, in milliseconds since 1970. */
  readonly from: number
  readonly to: number
}

/** Asks a Loki every query of every panel, as Grafana would. @throws Error for one that Loki refuses. */
export async function askPanels(lokiUrl: string, chosen: Chosen): Promise<PanelAnswer[]> {
  const answers: PanelAnswer[] = []
  for (const dashboard of dashboards()) {
    for (const panel of panelsOf(dashboard)) {
      for (const query of panel.queries) {
        const started = performance.now()
        const rows = await ask(lokiUrl, panel, withValues(query, chosen), chosen)
        const ms = Math.round(performance.now() - started)
        answers.push({ dashboard: dashboard.title ?? '', panel: panel.title, query, rows, ms })
      }
    }
  }
  return answers
}

function withValues(query: string, { requestId, from, to }: Chosen): string {
  const values: Readonly<Record<string, string>> = {
    __auto: '1m',
    __range: `${Math.ceil((to - from) / 1_000)}s`,
    request_id: requestId,
    search: '',
    level: '.*',
    database: '.*',
  }
  return query.replace(/\$(\w+)/g, (_, name: string) => values[name] ?? '.+')
}

async function ask(lokiUrl: string, { kind, title }: Panel, query: string, { from, to }: Chosen): Promise<number> {
  const overTime = kind === 'timeseries' || kind === 'logs'
  const url = new URL(overTime ? '/loki/api/v1/query_range' : '/loki/api/v1/query', lokiUrl)
  url.search = new URLSearchParams({
    query,
    ...(overTime ? { start: `${from}000000`, end: `${to}000000`, step: '60', limit: '500' } : { time: `${to}000000` }),
  }).toString()
  const response = await fetch(url)
  const text = await response.text()
  if (!response.ok) throw new Error(`The panel "${title}" asks ${query} and Loki says: ${text.trim()}`)
  return list(fields(fields(JSON.parse(text)).data).result).length
}
