import { groups, hasMatch, isWhole } from './expression.ts'
import { readPath } from './read-path.ts'
import type { Part, Selector, Stage } from './stage.ts'

/** What is sent to Loki. */
export interface Entry {
  /** The container runtime's time, as it wrote it. */
  readonly time: string
  readonly line: string
  readonly labels: Readonly<Record<string, string>>
  readonly metadata: Readonly<Record<string, string>>
}

/** An entry on its way. */
interface Draft {
  readonly order: number
  time: string
  line: string
  readonly labels: Record<string, string>
  readonly metadata: Record<string, string>
  /** What was found in the line so far, and before anything was found its labels, as in the collectors. */
  readonly fields: Record<string, string>
}

/** Does to the lines of one container's file what a collector does with these stages, but for time: a collector also ends an entry that
 * has waited three seconds for its next line.
 * @param lines as the container runtime wrote them @param labels what the collector knows of the container */
export function runPipeline(stages: readonly Stage[], lines: readonly string[], labels: Readonly<Record<string, string>>): Entry[] {
  const drafts = lines.map((line, order) => ({ order, time: '', line, labels: { ...labels }, metadata: {}, fields: { ...labels } }))
  return run(stages, drafts).map(({ time, line, labels, metadata }) => ({ time, line, labels: withoutEmpty(labels), metadata }))
}

function run(stages: readonly Stage[], drafts: readonly Draft[]): readonly Draft[] {
  return stages.reduce((all, stage) => runStage(stage, all), drafts)
}

function runStage(stage: Stage, drafts: readonly Draft[]): readonly Draft[] {
  switch (stage.stage) {
    case 'cri':
      return joinParts(drafts)
    case 'multiline':
      return joinLines(drafts, stage)
    case 'match': {
      const [selected, passing]: [Draft[], Draft[]] = [[], []]
      for (const draft of drafts) (selects(stage.where, draft) ? selected : passing).push(draft)
      return [...passing, ...run(stage.stages, selected)].sort((a, b) => a.order - b.order)
    }
    default:
      for (const draft of drafts) change(stage, draft)
      return drafts
  }
}

function change(stage: Exclude<Stage, { stage: 'cri' | 'multiline' | 'match' }>, draft: Draft): void {
  switch (stage.stage) {
    case 'regex': {
      const input = stage.from === undefined ? draft.line : draft.fields[stage.from]
      if (input !== undefined) Object.assign(draft.fields, groups(stage.expression, input))
      return
    }
    case 'json':
      for (const [field, path] of Object.entries(stage.fields)) {
        const found = readPath(draft.line, path)
        if (found === 'malformed') return
        set(draft.fields, field, found.value)
      }
      return
    case 'choose': {
      const input = draft.fields[stage.from]
      set(draft.fields, stage.field, Object.entries(stage.values).find(([, inputs]) => input && inputs.includes(input))?.[0])
      return
    }
    case 'compose':
      set(draft.fields, stage.field, compose(stage.parts, draft.fields) || undefined)
      return
    case 'line':
      draft.line = draft.fields[stage.from] ?? draft.line
      return
    case 'label':
      draft.labels[stage.name] = stage.value
      return
    case 'labels':
      for (const name of stage.names) set(draft.labels, name, draft.fields[name] ?? draft.labels[name])
      return
    case 'metadata':
      // A label that becomes metadata is none any more.
      for (const name of stage.names) {
        set(draft.metadata, name, draft.fields[name] ?? draft.labels[name] ?? draft.metadata[name])
        if (draft.labels[name] === draft.metadata[name]) set(draft.labels, name, undefined)
      }
      return
    case 'dropLabels':
      for (const name of stage.names) set(draft.labels, name, undefined)
  }
}

function selects({ labels, notLabels = {}, unset = [], line, notLine }: Selector, draft: Draft): boolean {
  return (
    Object.entries(labels).every(([name, values]) => isWhole(values, draft.labels[name] ?? '')) &&
    !Object.entries(notLabels).some(([name, values]) => isWhole(values, draft.labels[name] ?? '')) &&
    unset.every(name => !draft.labels[name]) &&
    (line === undefined || hasMatch(line, draft.line)) &&
    (notLine === undefined || !hasMatch(notLine, draft.line))
  )
}

/** The runtime splits lines at 16 KiB and marks all parts but the last with P. */
function joinParts(drafts: readonly Draft[]): readonly Draft[] {
  const begun = new Map<string, string>()
  return drafts.flatMap(draft => {
    const found = groups('^(?s)(?P<time>\\S+?) (?P<stream>stdout|stderr) (?P<flags>\\S+?) (?P<content>.*)$', draft.line)
    if (!found) return [draft]
    const { time = '', stream = '', flags, content = '' } = found
    Object.assign(draft.fields, found)
    Object.assign(draft, { time, line: (begun.get(stream) ?? '') + content })
    draft.labels.stream = stream
    if (flags === 'P') begun.set(stream, draft.line)
    else begun.delete(stream)
    return flags === 'P' ? [] : [draft]
  })
}

/** Each stream by itself; what comes before its first first line passes as it is. */
function joinLines(drafts: readonly Draft[], { firstLine, maxLines }: { firstLine: string; maxLines: number }): readonly Draft[] {
  const open = new Map<string, { draft: Draft; lines: number }>()
  const joined: Draft[] = []
  for (const draft of drafts) {
    const key = JSON.stringify(Object.entries(draft.labels).sort())
    const block = open.get(key)
    const first = hasMatch(firstLine, draft.line)
    if (!first && block && block.lines < maxLines) {
      block.draft.line += `\n${draft.line}`
      block.lines++
      continue
    }
    // After the most that one entry may have, the rest is entries that inherit the time of the first.
    if (!first && block) draft.time = block.draft.time
    if (first || block) open.set(key, { draft, lines: 1 })
    joined.push(draft)
  }
  return joined
}

function compose(parts: readonly Part[], fields: Readonly<Record<string, string>>): string {
  return parts
    .map(part => {
      if (typeof part === 'string') return part
      if ('field' in part) return fields[part.field] ?? ''
      return fields[part.ifThere] ? compose(part.parts, fields) : ''
    })
    .join('')
}

function set(record: Record<string, string>, name: string, value: string | undefined): void {
  if (value === undefined) delete record[name]
  else record[name] = value
}

/** To Loki an empty label is none. */
function withoutEmpty(labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== ''))
}
