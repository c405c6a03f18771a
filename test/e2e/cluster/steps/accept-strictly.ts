import { readdirSync, readFileSync } from 'node:fs'
import { parseAllDocuments } from 'yaml'
import { dev, production } from '../../../../constructs/environments.ts'
import { fields, type Manifest } from '../../../../constructs/manifest.ts'
import { deployment } from '../../../../main.ts'
import type { Run } from '../run.ts'

/** The API server itself takes every file of both environments, strictly, with a dry run: a field that it does not know is an error. Operators
 * that are not there lend their definitions, from imports/crds. */
export function acceptStrictly({ kubectl, report }: Run): void {
  const missing = definitions().filter(({ metadata }) => !kubectl.exists(['crd', metadata.name]))
  if (missing.length > 0) {
    kubectl.applyObjects(missing)
    kubectl.run(['wait', '--for=condition=Established', '--timeout=60s', ...missing.map(({ metadata }) => `crd/${metadata.name}`)])
  }
  const made = new Set<string>()
  try {
    for (const environment of [dev(), production()]) {
      const files = deployment(environment)
        .render()
        .filter(({ objects }) => objects > 0)
      const objects = files.flatMap(({ text }) => parseAllDocuments(text).map((document): Manifest => document.toJS()))
      // Nothing can be tried in a namespace that is not there.
      for (const name of new Set(objects.flatMap(({ metadata }) => metadata.namespace ?? [])))
        if (!kubectl.exists(['namespace', name])) {
          kubectl.run(['create', 'namespace', name])
          made.add(name)
        }
      const tried = files.map(({ text }) =>
        kubectl.try(['apply', '--server-side', '--force-conflicts', '--validate=strict', '--dry-run=server', '--filename', '-'], text),
      )
      const refused = tried.filter(({ status }) => status !== 0).map(({ stderr }) => stderr.trim())
      report.check(
        refused.length === 0,
        `the API server takes ${objects.length} objects of ${environment.name} strictly`,
        refused.join('; '),
      )
    }
  } finally {
    if (made.size > 0) kubectl.run(['delete', 'namespace', '--wait', ...made])
    if (missing.length > 0) kubectl.run(['delete', 'crd', ...missing.map(({ metadata }) => metadata.name)])
  }
}

function definitions(): Manifest[] {
  return readdirSync('imports/crds')
    .flatMap(file => parseAllDocuments(readFileSync(`imports/crds/${file}`, 'utf8')))
    .map((document): Manifest => document.toJS())
    .filter(({ kind, metadata }) => kind === 'CustomResourceDefinition' && fields(metadata).name !== undefined)
}
