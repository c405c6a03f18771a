import { createHash } from 'node:crypto'
import { stringify } from 'yaml'

/** A program's configuration as YAML. As YAML 1.1, which Go's readers follow: a plain `on` or date would come out as another type.
 * In single quotes where quotes are needed: what expands variables in the text would halve the backslashes of double ones. */
export function yamlText(value: object): string {
  return stringify(value, { version: '1.1', lineWidth: 0, singleQuote: true, aliasDuplicateObjects: false })
}

/** On a pod template, so that a changed configuration makes new pods: a running one would go on with the old text. */
export function contentHash(...texts: readonly string[]): { readonly 'checksum/config': string } {
  return { 'checksum/config': createHash('sha256').update(texts.join('\0')).digest('hex').slice(0, 16) }
}
