import type { Rule } from '../checks.ts'
import { HelmValues } from '../helm-values.ts'
import { fields, list, text } from '../manifest.ts'
import { containersOf, podTemplateOf } from './pod-spec.ts'

/** A name that says its value is a credential. `existingSecret`, `passwordKey` and the like name where one is, and end otherwise. */
const credential = /(password|passwd|secret_?key|access_?key|token|credentials?)$/i

export const noSecretLiterals: Rule = {
  name: 'no-secret-literals',
  fix: 'Refer to a GeneratedSecret instead: whatever is written here is committed for everybody to read.',
  *find({ objects, constructs }) {
    for (const { construct, manifest } of objects) {
      const keys = [...Object.keys(fields(manifest.data)), ...Object.keys(fields(manifest.stringData))]
      if (manifest.kind === 'Secret' && keys.length > 0) {
        yield { where: construct, what: `Secret ${manifest.metadata.name} carries the text of ${keys.join(', ')}` }
      }
      const pod = podTemplateOf(manifest)
      for (const container of pod ? containersOf(pod) : []) {
        for (const variable of list(container.fields.env).map(fields)) {
          if (credential.test(String(variable.name)) && text(variable.value)) {
            yield { where: construct, what: `${variable.name} of container ${container.name} has its value in the manifest` }
          }
        }
      }
    }
    for (const values of constructs.filter(construct => construct instanceof HelmValues)) {
      for (const path of literalsIn(values.values)) yield { where: values, what: `${path} in ${values.file} is a credential in plain text` }
    }
  },
}

function* literalsIn(value: unknown, path = ''): Iterable<string> {
  for (const [key, entry] of Array.isArray(value) ? value.entries() : Object.entries(fields(value))) {
    const here = path ? `${path}.${key}` : `${key}`
    if (typeof key === 'string' && credential.test(key) && text(entry)) yield here
    else yield* literalsIn(entry, here)
  }
}
