import type { Part } from './stage.ts'

// Both collectors have one stage that sets a field by a template of Go, in which a field is `.name`. A field that is missing compares
// with nothing, so each is asked for first; a template that gives nothing removes the field.

export function chooseTemplate(from: string, values: Readonly<Record<string, readonly string[]>>): string {
  const cases = Object.entries(values).map(([value, inputs]) => `if eq .${from} ${inputs.map(quoted).join(' ')} }}${value}`)
  return `{{ if .${from} }}{{ ${cases.join('{{ else ')}{{ end }}{{ end }}`
}

export function composeTemplate(parts: readonly Part[]): string {
  return parts
    .map(part => {
      if (typeof part === 'string') return part
      if ('field' in part) return `{{ if .${part.field} }}{{ .${part.field} }}{{ end }}`
      return `{{ if .${part.ifThere} }}${composeTemplate(part.parts)}{{ end }}`
    })
    .join('')
}

function quoted(word: string): string {
  return `"${word}"`
}
