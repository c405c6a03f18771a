import { chooseTemplate, composeTemplate } from './go-template.ts'
import { selectorText } from './selector-text.ts'
import type { Stage } from './stage.ts'

/** The stages as blocks of Alloy's `loki.process`, one after the other.
 * @see https://grafana.com/docs/alloy/latest/reference/components/loki/loki.process/ */
export function alloyStages(stages: readonly Stage[]): string {
  return stages.map(alloyStage).join('\n')
}

function alloyStage(stage: Stage): string {
  switch (stage.stage) {
    case 'cri':
      return block('cri')
    case 'match':
      return block('match', { selector: text(selectorText(stage.where)) }, alloyStages(stage.stages))
    case 'multiline':
      return block('multiline', { firstline: text(stage.firstLine), max_lines: `${stage.maxLines}` })
    case 'regex':
      return block('regex', { ...(stage.from && { source: text(stage.from) }), expression: text(stage.expression) })
    case 'json':
      return block('json', { expressions: map(stage.fields) })
    case 'choose':
      return block('template', { source: text(stage.field), template: text(chooseTemplate(stage.from, stage.values)) })
    case 'compose':
      return block('template', { source: text(stage.field), template: text(composeTemplate(stage.parts)) })
    case 'line':
      return block('output', { source: text(stage.from) })
    case 'label':
      return block('static_labels', { values: map({ [stage.name]: stage.value }) })
    case 'labels':
      return block('labels', { values: map(sameNames(stage.names)) })
    case 'metadata':
      return block('structured_metadata', { values: map(sameNames(stage.names)) })
    case 'dropLabels':
      return block('label_drop', { values: `[${stage.names.map(text).join(', ')}]` })
  }
}

function block(name: string, settings: Readonly<Record<string, string>> = {}, inner = ''): string {
  const lines = Object.entries(settings).map(([key, value]) => `${key} = ${value}`)
  const body = [...lines, ...inner.split('\n').filter(Boolean)].map(line => `  ${line}\n`).join('')
  return `stage.${name} {${body && `\n${body}`}}`
}

/** Alloy's strings are Go's, and those of JSON are among them. */
function text(value: string): string {
  return JSON.stringify(value)
}

function map(entries: Readonly<Record<string, string>>): string {
  return `{ ${Object.entries(entries)
    .map(([key, value]) => `${key} = ${text(value)}`)
    .join(', ')} }`
}

function sameNames(names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map(name => [name, '']))
}
