import { Construct } from 'constructs'
import { invalid } from './invalid.ts'
import type { LogEvent } from './log-pipeline/log-event.ts'
import { postgresEvents } from './log-pipelines.ts'
import { eventAlerts } from './log-rules/event-alerts.ts'
import { loggingAlerts, postgresAlerts, serviceAlerts } from './log-rules/platform-alerts.ts'
import { recordings } from './log-rules/recordings.ts'
import type { RuleGroup } from './log-rules/rule.ts'
import { ruleFile } from './log-rules/rule-file.ts'
import { checkLogql } from './logql/check-logql.ts'

export interface LogRulesProps {
  /** Where the pages of docs/runbooks/ are read.
   * @default docs/runbooks, from the repository's root */
  readonly runbooks?: string
  /** Whether Loki has somewhere to write metrics to; it forgets what a recording rule made if not.
   * @default false */
  readonly records?: boolean
  /** @default - those of log-pipelines.ts */
  readonly events?: readonly LogEvent[]
}

/** What Loki's ruler watches the lines for. */
export class LogRules extends Construct {
  /** Rule files by name, as text. */
  readonly files: Readonly<Record<string, string>>

  constructor(scope: Construct, props: LogRulesProps = {}) {
    super(scope, 'rules')
    const { runbooks = 'docs/runbooks', records = false } = props
    const groups = ruleGroups(props.events).filter(({ alerts }) => records || alerts.length > 0)
    for (const group of groups) this.check(group)
    this.files = Object.fromEntries(groups.map(group => [`${group.name}.yaml`, ruleFile(group, runbooks)]))
  }

  private check({ name, alerts, recordings }: RuleGroup): void {
    const seen = new Set<string>()
    for (const rule of alerts) {
      for (const sentence of checkLogql(rule.query, 'alert')) throw invalid(this, `the alert ${rule.name}, ${sentence}`)
      if (!/^([A-Z][a-z0-9]+)+$/.test(rule.name)) throw invalid(this, `the alert "${rule.name}" is called as no other: use PascalCase.`)
      if (seen.has(rule.name)) throw invalid(this, `the alert ${rule.name} stands twice in ${name}: rename one.`)
      seen.add(rule.name)
    }
    for (const rule of recordings) {
      for (const sentence of checkLogql(rule.query, 'recording')) throw invalid(this, `the recording rule ${rule.name}, ${sentence}`)
    }
  }
}

/** All there are, in the files they are written to. */
export function ruleGroups(events: readonly LogEvent[] = postgresEvents): readonly RuleGroup[] {
  return [
    { name: 'service', alerts: serviceAlerts, recordings: [] },
    { name: 'postgres', alerts: [...eventAlerts(events), ...postgresAlerts], recordings: [] },
    { name: 'logging', alerts: loggingAlerts, recordings: [] },
    { name: 'recordings', alerts: [], recordings },
  ]
}
