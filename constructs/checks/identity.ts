import type { Rule } from '../checks.ts'
import { HelmValues } from '../helm-values.ts'
import { pathOf } from '../invalid.ts'
import { requiredLabels } from '../labels.ts'
import { ManifestFile } from '../manifest-file.ts'

export const uniqueObjects: Rule = {
  name: 'unique-objects',
  fix: 'Rename or remove one of them: the second would silently overwrite the first.',
  *find({ objects }) {
    const seen = new Map<string, string>()
    for (const { construct, manifest } of objects) {
      const { name, namespace } = manifest.metadata
      const group = manifest.apiVersion.includes('/') ? manifest.apiVersion.split('/')[0] : ''
      const identity = [group, manifest.kind, namespace, name].join('/')
      const first = seen.get(identity)
      const place = namespace ? ` in namespace ${namespace}` : ''
      if (first) yield { where: construct, what: `${manifest.kind} ${name}${place} is made by ${first} too` }
      else seen.set(identity, pathOf(construct))
    }
  },
}

export const uniquePaths: Rule = {
  name: 'unique-paths',
  fix: 'Give one of them another id or file.',
  *find({ constructs }) {
    const seen = new Map<string, string>()
    for (const construct of constructs) {
      const path = ManifestFile.isManifestFile(construct)
        ? `dist/…/${construct.file}`
        : construct instanceof HelmValues
          ? `helm-values/…/${construct.file}`
          : undefined
      if (!path) continue
      const first = seen.get(path)
      if (first) yield { where: construct, what: `${path} is written by ${first} too` }
      else seen.set(path, pathOf(construct))
    }
  },
}

export const requiredLabelsSet: Rule = {
  name: 'required-labels',
  fix: 'Set metadata.labels with labels(name).',
  *find({ objects }) {
    for (const { construct, manifest } of objects) {
      const missing = requiredLabels.filter(label => !manifest.metadata.labels?.[label])
      if (missing.length > 0) yield { where: construct, what: `${manifest.kind} ${manifest.metadata.name} lacks ${missing.join(', ')}` }
    }
  },
}
