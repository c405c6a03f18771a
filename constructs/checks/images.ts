import type { Rule } from '../checks.ts'
import { HelmValues } from '../helm-values.ts'
import { fields, text } from '../manifest.ts'
import { containersOf, podTemplateOf } from './pod-spec.ts'

export const exactImages: Rule = {
  name: 'exact-images',
  fix: 'Name the exact tag (or a digest) in constructs/versions.ts: what runs tomorrow must be what was reviewed today.',
  *find({ objects, constructs }) {
    for (const { construct, manifest } of objects) {
      const pod = podTemplateOf(manifest)
      const images = pod
        ? containersOf(pod).map(container => text(container.fields.image) ?? '')
        : [text(fields(manifest.spec).imageName)].filter(image => image !== undefined)
      for (const image of images) {
        const problem = problemOf(image)
        if (problem) yield { where: construct, what: `image "${image}" of ${manifest.kind} ${manifest.metadata.name} ${problem}` }
      }
    }
    for (const values of constructs.filter(construct => construct instanceof HelmValues)) {
      for (const image of imagesIn(values.values)) {
        const problem = problemOf(image)
        if (problem) yield { where: values, what: `image "${image}" in ${values.file} ${problem}` }
      }
    }
  },
}

/** Why the name does not stand for one image, or nothing. A colon before the last slash is a port, not a tag. */
function problemOf(image: string): string | undefined {
  if (/@sha256:[0-9a-f]{64}$/.test(image)) return undefined
  const tag = /:([^:/]*)$/.exec(image)?.[1]
  if (!tag) return 'has no tag'
  return tag === 'latest' ? 'floats' : undefined
}

/** Charts name an image as `{repository, tag}`, or as one string in a fragment of a pod. */
function* imagesIn(value: unknown): Iterable<string> {
  if (Array.isArray(value)) for (const item of value) yield* imagesIn(item)
  const entries = fields(value)
  if (typeof entries.repository === 'string') yield `${entries.repository}:${text(entries.tag) ?? ''}`
  for (const [key, entry] of Object.entries(entries)) {
    if (key === 'image' && typeof entry === 'string') yield entry
    else yield* imagesIn(entry)
  }
}
