import { readFileSync } from 'node:fs'
import { parseAllDocuments } from 'yaml'
import { containersOf, podTemplateOf } from '../constructs/checks/pod-spec.ts'
import { fields, list, type Manifest, text } from '../constructs/manifest.ts'

/** A program of the service as a committed manifest starts it. */
export interface Program {
  readonly command: readonly string[]
  /** All that its container's environment has, from the ConfigMap too. */
  readonly environment: Readonly<Record<string, string>>
  /** The paths of its secrets' files: what is mounted, Secret by Secret. */
  readonly files: Readonly<Record<string, { readonly secret: string; readonly key: string }>>
  readonly container: Readonly<Record<string, unknown>>
  readonly pod: Readonly<Record<string, unknown>>
}

export interface ServiceInDist {
  readonly manifests: ReadonlyMap<string, Manifest>
  readonly service: Program
  readonly migrate: Program
  readonly backup: Program
  readonly drill: Program
}

/** What `dist/<environment>` says about the service. */
export function readService(environment: string): ServiceInDist {
  const documents = parseAllDocuments(readFileSync(`dist/${environment}/ducklake-service.k8s.yaml`, 'utf8'))
  const manifests = new Map(
    documents
      .map(document => document.toJS())
      .map((manifest: Manifest): [string, Manifest] => [`${manifest.kind} ${manifest.metadata.name}`, manifest]),
  )
  const program = (object: string, container: string) => programOf(manifests, object, container)
  return {
    manifests,
    service: program('Deployment ducklake-service', 'service'),
    migrate: program('Deployment ducklake-service', 'migrate'),
    backup: program('CronJob ducklake-backup', 'ducklake-backup'),
    drill: program('CronJob ducklake-restore-drill', 'ducklake-restore-drill'),
  }
}

function programOf(manifests: ReadonlyMap<string, Manifest>, object: string, name: string): Program {
  const manifest = manifests.get(object)
  const template = manifest && podTemplateOf(manifest)
  const found = template && containersOf(template).find(container => container.name === name)
  if (!found) throw new Error(`${object} has no container ${name}`)
  const { spec } = template
  const container = found.fields
  const maps = list(container.envFrom).map(from => text(fields(fields(from).configMapRef).name))
  const environment = [
    ...maps.flatMap(map => Object.entries(fields(manifests.get(`ConfigMap ${map}`)?.data))),
    ...list(container.env).map(variable => [fields(variable).name, fields(variable).value]),
  ].map(([key, value]) => [String(key), String(value)])
  const mounted = list(container.volumeMounts).flatMap(mount => {
    const volume = list(spec.volumes)
      .map(fields)
      .find(({ name }) => name === fields(mount).name)
    return list(fields(volume?.projected).sources).flatMap(source => {
      const { name, items } = fields(fields(source).secret)
      return list(items).map(item => [
        `${fields(mount).mountPath}/${fields(item).path}`,
        { secret: String(name), key: String(fields(item).key) },
      ])
    })
  })
  return {
    command: list(container.command).map(String),
    environment: Object.fromEntries(environment),
    files: Object.fromEntries(mounted),
    container,
    pod: spec,
  }
}
