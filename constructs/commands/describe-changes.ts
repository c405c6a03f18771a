import diff from 'microdiff'
import { parseAllDocuments } from 'yaml'
import type { RenderedFile } from '../lake-app.ts'
import { fields } from '../manifest.ts'

/** The difference between the committed and the rendered files, object by object and field by field:
 *
 *     dist/dev/storage.k8s.yaml
 *       ~ NetworkPolicy storage/minio
 *           spec.ingress.0.ports.0.port: 9000 → 9001 */
export function describeChanges(committed: ReadonlyMap<string, string>, files: readonly RenderedFile[]): string[] {
  const rendered = new Map(files.map(file => [file.path, file.text]))
  return [...new Set([...committed.keys(), ...rendered.keys()])].sort().flatMap(path => {
    const [before = '', after = ''] = [committed.get(path), rendered.get(path)]
    if (before === after) return []
    const changes = path.endsWith('.yaml') ? changesOf(before, after) : []
    return [`${path}${before ? '' : ' (new)'}${after ? '' : ' (removed)'}`, ...(changes.length > 0 ? changes : ['  ~ words or layout'])]
  })
}

function changesOf(before: string, after: string): string[] {
  const [old, fresh] = [objectsIn(before), objectsIn(after)]
  return [...new Set([...old.keys(), ...fresh.keys()])].flatMap(name => {
    const [was, is] = [old.get(name), fresh.get(name)]
    if (was === undefined) return [`  + ${name}`]
    if (is === undefined) return [`  - ${name}`]
    const changes = diff(was, is).map(change => `      ${change.path.join('.')}: ${describe(change)}`)
    return changes.length > 0 ? [`  ~ ${name}`, ...changes] : []
  })
}

/** Every object of a file by kind, namespace and name; a values file is one nameless object. */
function objectsIn(text: string): Map<string, Record<string, unknown>> {
  return new Map(
    parseAllDocuments(text, { version: '1.1' })
      .map(document => fields(document.toJS()))
      .filter(object => Object.keys(object).length > 0)
      .map(object => {
        const { namespace, name } = fields(object.metadata)
        return [object.kind ? `${object.kind} ${namespace ? `${namespace}/` : ''}${name}` : 'values', { ...object }]
      }),
  )
}

function describe(change: ReturnType<typeof diff>[number]): string {
  switch (change.type) {
    case 'CREATE':
      return `+ ${JSON.stringify(change.value)}`
    case 'REMOVE':
      return `- ${JSON.stringify(change.oldValue)}`
    case 'CHANGE':
      return `${JSON.stringify(change.oldValue)} → ${JSON.stringify(change.value)}`
  }
}
