import type { Rule } from '../checks.ts'
import { fields } from '../manifest.ts'

export const noEmptyLists: Rule = {
  name: 'no-empty-lists',
  fix: 'Leave the field out: the API server drops an empty list, so that each apply would count as a change.',
  *find({ objects }) {
    for (const { construct, manifest } of objects) {
      for (const path of emptyLists(manifest))
        yield { where: construct, what: `${path} of ${manifest.kind} ${manifest.metadata.name} is an empty list` }
    }
  },
}

function* emptyLists(value: unknown, path = ''): Iterable<string> {
  if (Array.isArray(value) && value.length === 0) yield path
  for (const [key, entry] of Array.isArray(value) ? value.entries() : Object.entries(fields(value))) {
    yield* emptyLists(entry, path ? `${path}.${key}` : `${key}`)
  }
}
