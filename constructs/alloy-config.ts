import { alloyStages } from './log-pipeline/alloy-stages.ts'
import type { Stage } from './log-pipeline/stage.ts'
import { relabelRules } from './log-targets.ts'

/** The configuration in Alloy's own language: components that pass on to the next what they found.
 * Promtail's positions are not taken over. Alloy does that only for files without labels, and ours have theirs before a line is read.
 * @see https://grafana.com/docs/alloy/latest/reference/components/loki/ */
export function alloyConfig(pushUrl: string, stages: readonly Stage[]): string {
  return [
    block('discovery.kubernetes "pods"', [
      'role = "pod"',
      // Without it each Alloy would watch every pod of the cluster.
      block('selectors', ['role = "pod"', 'field = "spec.nodeName=" + sys.env("HOSTNAME")']),
    ]),
    block('discovery.relabel "pods"', ['targets = discovery.kubernetes.pods.targets', ...rules()]),
    block('local.file_match "pods"', ['path_targets = discovery.relabel.pods.output']),
    // Never loki.source.kubernetes, which asks the API server for the lines: it loses some and sends others again.
    block('loki.source.file "pods"', ['targets = local.file_match.pods.targets', 'forward_to = [loki.process.pods.receiver]']),
    block('loki.process "pods"', ['forward_to = [loki.write.loki.receiver]', alloyStages(stages)]),
    block('loki.write "loki"', [
      block('endpoint', [
        `url = ${JSON.stringify(pushUrl)}`,
        'max_backoff_period = "30s"',
        // For ever: after the default of ten tries the lines are thrown away.
        'max_backoff_retries = 0',
      ]),
    ]),
  ].join('\n')
}

function rules(): string[] {
  return relabelRules
    .filter(({ to }) => to !== '__host__')
    .map(({ from, separator, regex, replacement, to }) =>
      block('rule', [
        `source_labels = ${JSON.stringify(from)}`,
        ...(separator ? [`separator = ${JSON.stringify(separator)}`] : []),
        ...(regex ? [`regex = ${JSON.stringify(regex)}`] : []),
        ...(replacement ? [`replacement = ${JSON.stringify(replacement)}`] : []),
        `target_label = ${JSON.stringify(to)}`,
      ]),
    )
}

function block(name: string, body: readonly string[]): string {
  const lines = body.flatMap(text => text.split('\n').filter(Boolean))
  return `${name} {\n${lines.map(line => `  ${line}\n`).join('')}}\n`
}
