import { Size } from 'cdk8s'
import { parse, parseAllDocuments } from 'yaml'
import { LakeApp, type RenderedFile } from '../../constructs/lake-app.ts'
import { fields, type Manifest } from '../../constructs/manifest.ts'
import { Storage, type StorageProps } from '../../constructs/storage.ts'

/** The least that Storage can be made of. */
export const minimalStorage: StorageProps = {
  objectStore: {
    mode: { kind: 'standalone' },
    driveSize: Size.gibibytes(1),
    buckets: { lake: 'lake', raw: 'raw', logs: 'logs', backups: 'backups' },
  },
  database: { provider: 'bitnami', database: 'catalog', user: 'owner', volumeSize: Size.gibibytes(1), memory: Size.mebibytes(512) },
  secrets: 'kubectl',
}

export function renderStorage(props: StorageProps = minimalStorage): RenderedFile[] {
  const app = new LakeApp('test')
  new Storage(app, props)
  return app.render()
}

/** The objects of all rendered files by `Kind name`. */
export function manifestsOf(files: readonly RenderedFile[]): Map<string, Manifest> {
  const objects = files.filter(file => file.objects > 0).flatMap(file => parseAllDocuments(file.text).map(document => document.toJS()))
  return new Map(objects.map((object: Manifest) => [`${object.kind} ${object.metadata.name}`, object]))
}

/** A values file as the chart will read it. */
export function valuesOf(files: readonly RenderedFile[], release: string): Readonly<Record<string, unknown>> {
  return fields(parse(files.find(file => file.path.endsWith(`/${release}-values.yaml`))?.text ?? ''))
}

/** `a.b.0.c` of a nested value. */
export function at(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((found, key) => (Array.isArray(found) ? found[Number(key)] : fields(found)[key]), value)
}
