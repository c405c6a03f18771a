import type { Selector } from './stage.ts'

/** The selector in LogQL, as both collectors' `match` takes it. Nothing in it has to be escaped: checkStages sees to that. */
export function selectorText({ labels, unset = [], notLabels = {}, line, notLine }: Selector): string {
  const matchers = [
    ...Object.entries(labels).map(([name, values]) => `${name}=~"${values}"`),
    ...Object.entries(notLabels).map(([name, values]) => `${name}!~"${values}"`),
    ...unset.map(name => `${name}=""`),
  ]
  return `{${matchers.join(', ')}}${line ? ` |~ "${line}"` : ''}${notLine ? ` !~ "${notLine}"` : ''}`
}
