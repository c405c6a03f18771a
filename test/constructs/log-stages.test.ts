import { expect, it } from 'vitest'
import { alloyStages } from '../../constructs/log-pipeline/alloy-stages.ts'
import { checkStages } from '../../constructs/log-pipeline/check-stages.ts'
import { promtailStages } from '../../constructs/log-pipeline/promtail-stages.ts'
import type { Stage } from '../../constructs/log-pipeline/stage.ts'
import { collectorPipeline } from '../../constructs/log-pipelines.ts'

const stages: readonly Stage[] = [
  { stage: 'cri' },
  {
    stage: 'match',
    where: { labels: { app: 'a|b' }, notLabels: { level: 'fatal' }, unset: ['event'], line: '^[{]', notLine: 'x' },
    stages: [
      { stage: 'multiline', firstLine: '^\\d', maxLines: 3 },
      { stage: 'regex', expression: '(?P<word>\\w+)', from: 'text' },
      { stage: 'json', fields: { said: 'a.b || c' } },
      { stage: 'choose', field: 'level', from: 'said', values: { info: ['30', 'LOG'], error: ['50'] } },
      { stage: 'compose', field: 'text', parts: ['<', { field: 'word' }, { ifThere: 'said', parts: ['>\t', { field: 'said' }] }] },
      { stage: 'line', from: 'text' },
      { stage: 'label', name: 'event', value: 'x' },
      { stage: 'labels', names: ['level'] },
      { stage: 'metadata', names: ['pid'] },
    ],
  },
  { stage: 'dropLabels', names: ['filename'] },
]
const chosen = '{{ if .said }}{{ if eq .said "30" "LOG" }}info{{ else if eq .said "50" }}error{{ end }}{{ end }}'
const composed = '<{{ if .word }}{{ .word }}{{ end }}{{ if .said }}>\t{{ if .said }}{{ .said }}{{ end }}{{ end }}'

it('stages are written for Promtail', () => {
  expect(promtailStages(stages)).toEqual([
    { cri: {} },
    {
      match: {
        selector: '{app=~"a|b", level!~"fatal", event=""} |~ "^[{]" !~ "x"',
        stages: [
          { multiline: { firstline: '^\\d', max_lines: 3 } },
          { regex: { source: 'text', expression: '(?P<word>\\w+)' } },
          { json: { expressions: { said: 'a.b || c' } } },
          { template: { source: 'level', template: chosen } },
          { template: { source: 'text', template: composed } },
          { output: { source: 'text' } },
          { static_labels: { event: 'x' } },
          { labels: { level: 'level' } },
          { structured_metadata: { pid: 'pid' } },
        ],
      },
    },
    { labeldrop: ['filename'] },
  ])
})

it('and the same stages for Alloy', () => {
  expect(alloyStages(stages)).toBe(
    [
      'stage.cri {}',
      'stage.match {',
      '  selector = "{app=~\\"a|b\\", level!~\\"fatal\\", event=\\"\\"} |~ \\"^[{]\\" !~ \\"x\\""',
      '  stage.multiline {',
      '    firstline = "^\\\\d"',
      '    max_lines = 3',
      '  }',
      '  stage.regex {',
      '    source = "text"',
      '    expression = "(?P<word>\\\\w+)"',
      '  }',
      '  stage.json {',
      '    expressions = { said = "a.b || c" }',
      '  }',
      '  stage.template {',
      '    source = "level"',
      `    template = ${JSON.stringify(chosen)}`,
      '  }',
      '  stage.template {',
      '    source = "text"',
      `    template = ${JSON.stringify(composed)}`,
      '  }',
      '  stage.output {',
      '    source = "text"',
      '  }',
      '  stage.static_labels {',
      '    values = { event = "x" }',
      '  }',
      '  stage.labels {',
      '    values = { level = "" }',
      '  }',
      '  stage.structured_metadata {',
      '    values = { pid = "" }',
      '  }',
      '}',
      'stage.label_drop {',
      '  values = ["filename"]',
      '}',
    ].join('\n'),
  )
})

it('the pipeline of the collectors has no mistake', () => {
  expect(checkStages(collectorPipeline())).toEqual([])
})

const labels = { app: 'a' }
it.each<[string, Stage, RegExp]>([
  ['a broken expression', { stage: 'regex', expression: '(?P<a>x' }, /is no regular expression of RE2/],
  ['what only other engines know', { stage: 'multiline', firstLine: '^(?!x)', maxLines: 1 }, /is no regular expression of RE2/],
  ['a backslash in a selector', { stage: 'match', where: { labels, line: '^\\d' }, stages: [] }, /use a class/],
  ['a quote in a selector', { stage: 'match', where: { labels, notLine: '"' }, stages: [] }, /use a class/],
  ['a selector of everything', { stage: 'match', where: { labels: { app: '.*' } }, stages: [] }, /selects by no label/],
  ['a label with any number of values', { stage: 'labels', names: ['service'] }, /takes what was found in the line/],
  ['an unknown label', { stage: 'label', name: 'request_id', value: 'x' }, /"request_id" is no label/],
  ['unknown metadata', { stage: 'metadata', names: ['colour'] }, /"colour" is no known field/],
  ['a path that is none', { stage: 'json', fields: { a: 'b[0]' } }, /is no path into JSON/],
])('%s is a mistake, also within a match', (_, stage, sentence) => {
  expect(checkStages([{ stage: 'match', where: { labels }, stages: [stage] }])).toEqual([expect.stringMatching(sentence)])
})

it('a field that was chosen and then read anew has any number of values again', () => {
  const choose = { stage: 'choose', field: 'level', from: 'x', values: { info: ['30'] } } as const
  const label = { stage: 'labels', names: ['level'] } as const
  expect(checkStages([choose, label])).toEqual([])
  expect(checkStages([choose, { stage: 'regex', expression: '(?P<level>.*)' }, label])).toHaveLength(1)
})
