import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import type { Environment } from '../../../constructs/index.ts'
import { fields, text } from '../../../constructs/manifest.ts'
import { deployment } from '../../../main.ts'

/** What the pods of an environment read, word for word. */
export interface LogConfiguration {
  readonly loki: string
  readonly promtail: string
  /** By the names of their files. */
  readonly rules: Readonly<Record<string, string>>
}

export function configurationOf(environment: Environment): LogConfiguration {
  const objects = deployment(environment)
    .render()
    .filter(({ objects }) => objects > 0)
    .flatMap(file => parseAllDocuments(file.text).map(document => fields(document.toJS())))
  const data = (name: string) =>
    Object.fromEntries(
      Object.entries(fields(objects.find(object => object.kind === 'ConfigMap' && fields(object.metadata).name === name)?.data)).map(
        ([file, value]) => [file, text(value) ?? ''],
      ),
    )
  return { loki: data('loki')['loki.yaml'] ?? '', promtail: data('log-collector')['promtail.yaml'] ?? '', rules: data('loki-rules') }
}

/** As files, for a harness: `loki.yaml`, `promtail.yaml` and `rules/`. */
export function writeConfiguration(folder: string, { loki, promtail, rules }: LogConfiguration): void {
  mkdirSync(join(folder, 'rules'), { recursive: true })
  writeFileSync(join(folder, 'loki.yaml'), loki)
  writeFileSync(join(folder, 'promtail.yaml'), promtail)
  for (const [name, rule] of Object.entries(rules)) writeFileSync(join(folder, 'rules', name), rule)
}
