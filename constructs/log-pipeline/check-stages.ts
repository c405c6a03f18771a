import { logLabels } from '../log-labels.ts'
import { expressionOf, groupNames, isWhole } from './expression.ts'
import { fieldNames } from './log-event.ts'
import { selectorText } from './selector-text.ts'
import type { Selector, Stage } from './stage.ts'

/** What a collector would refuse at its start, or accept and do wrongly: a sentence for each mistake. */
export function checkStages(stages: readonly Stage[]): readonly string[] {
  return check(stages, new Set())
}

/** @param chosen fields whose values a `choose` has made few */
function check(stages: readonly Stage[], chosen: Set<string>): string[] {
  return stages.flatMap(stage => {
    switch (stage.stage) {
      case 'match':
        return [...checkSelector(stage.where), ...check(stage.stages, chosen)]
      case 'multiline':
        return checkExpression(stage.firstLine)
      case 'regex': {
        const mistakes = checkExpression(stage.expression)
        if (mistakes.length === 0) for (const name of groupNames(stage.expression)) chosen.delete(name)
        return mistakes
      }
      case 'json':
        for (const name of Object.keys(stage.fields)) chosen.delete(name)
        return Object.values(stage.fields).flatMap(checkPath)
      case 'choose':
        chosen.add(stage.field)
        return []
      case 'label':
        return checkLabel(stage.name)
      case 'labels':
        return stage.names.flatMap(name => [...checkLabel(name), ...(chosen.has(name) || stage.few ? [] : [unbounded(name)])])
      case 'metadata':
        return stage.names
          .filter(name => !fieldNames.some(known => known === name))
          .map(name => `"${name}" is no known field: add it to fieldNames in constructs/log-pipeline/log-event.ts, or use one of them.`)
      case 'cri':
      case 'compose':
      case 'line':
      case 'dropLabels':
        return []
      default:
        return [`${JSON.stringify(stage)} is no stage: constructs/log-pipeline/stage.ts has those that there are.`]
    }
  })
}

function checkExpression(expression: string): string[] {
  try {
    expressionOf(expression)
    return []
  } catch (error) {
    return [`"${expression}" is no regular expression of RE2 (${error instanceof Error ? error.message : error}): mend it.`]
  }
}

function checkSelector(selector: Selector): string[] {
  const { labels, notLabels = {}, line = '', notLine = '' } = selector
  const expressions = [...Object.values(labels), ...Object.values(notLabels), line, notLine]
  const mistakes = expressions.flatMap(checkExpression)
  if (mistakes.length > 0) return mistakes
  const escaped = expressions.filter(expression => /[\\`"]/.test(expression))
  return [
    ...escaped.map(
      expression =>
        `"${expression}" stands in a selector, where a backslash, a backtick or a quote means something else to each collector: use a class, as in [.] or [0-9].`,
    ),
    ...(Object.values(labels).every(values => isWhole(values, ''))
      ? [`${selectorText(selector)} selects by no label that must have a value, which collectors refuse: add one.`]
      : []),
  ]
}

function checkPath(path: string): string[] {
  return path.split(' || ').every(one => /^[a-z_]\w*(\.[a-z_]\w*)*$/i.test(one))
    ? []
    : [`"${path}" is no path into JSON: use names, dots and " || ".`]
}

function checkLabel(name: string): string[] {
  return logLabels.some(known => known === name)
    ? []
    : [`"${name}" is no label: each value of one is a stream of its own in Loki. Make it metadata, or add it to constructs/log-labels.ts.`]
}

function unbounded(name: string): string {
  return `the label "${name}" takes what was found in the line, so it may get any number of values, and Loki refuses the 5,001st stream: make it metadata, choose among known values, or say in \`few\` why they are few.`
}
