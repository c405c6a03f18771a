import { Document, isScalar, Scalar, visit } from 'yaml'
import type { Alert, Recording, RuleGroup } from './rule.ts'

/** A group as Loki's ruler reads it. What a person wrote stands as a block: in one line, the `: ` within many a query would end it.
 * @see https://grafana.com/docs/loki/v2.9.x/alert/ */
export function ruleFile({ name, alerts, recordings }: RuleGroup, runbooks: string): string {
  const rules = [...alerts.map(alert => alertingRule(alert, runbooks)), ...recordings.map(recordingRule)]
  const document = new Document({ groups: [{ name, rules }] }, { version: '1.1', aliasDuplicateObjects: false })
  visit(document, {
    Pair(_, { key, value }) {
      if (isScalar(key) && isScalar(value) && (key.value === 'expr' || key.value === 'description')) value.type = Scalar.BLOCK_LITERAL
    },
  })
  return document.toString({ lineWidth: 0 })
}

function alertingRule({ name, severity, query, for: holds, summary, description, runbook }: Alert, runbooks: string) {
  return {
    alert: name,
    expr: query,
    ...(holds && { for: holds }),
    labels: { severity },
    annotations: { summary, description, runbook_url: `${runbooks}/${runbook}.md` },
  }
}

function recordingRule({ name, query }: Recording) {
  return { record: name, expr: query }
}
