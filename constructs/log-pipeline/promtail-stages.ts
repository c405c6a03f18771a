import { chooseTemplate, composeTemplate } from './go-template.ts'
import { selectorText } from './selector-text.ts'
import type { Stage } from './stage.ts'

/** The stages as `pipeline_stages` of Promtail has them, each an object with one key.
 * @see https://grafana.com/docs/loki/v2.9.x/send-data/promtail/stages/ */
export function promtailStages(stages: readonly Stage[]): readonly Readonly<Record<string, unknown>>[] {
  return stages.map(promtailStage)
}

function promtailStage(stage: Stage): Readonly<Record<string, unknown>> {
  switch (stage.stage) {
    case 'cri':
      return { cri: {} }
    case 'match':
      return { match: { selector: selectorText(stage.where), stages: promtailStages(stage.stages) } }
    case 'multiline':
      return { multiline: { firstline: stage.firstLine, max_lines: stage.maxLines } }
    case 'regex':
      return { regex: { ...(stage.from && { source: stage.from }), expression: stage.expression } }
    case 'json':
      return { json: { expressions: stage.fields } }
    case 'choose':
      return { template: { source: stage.field, template: chooseTemplate(stage.from, stage.values) } }
    case 'compose':
      return { template: { source: stage.field, template: composeTemplate(stage.parts) } }
    case 'line':
      return { output: { source: stage.from } }
    case 'label':
      return { static_labels: { [stage.name]: stage.value } }
    case 'labels':
      return { labels: sameNames(stage.names) }
    case 'metadata':
      return { structured_metadata: sameNames(stage.names) }
    case 'dropLabels':
      return { labeldrop: stage.names }
  }
}

function sameNames(names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map(name => [name, name]))
}
