import { ApiObject, App, Chart, Yaml } from 'cdk8s'
import { violations } from './checks.ts'
import { HelmValues } from './helm-values.ts'
import { InvalidValue } from './invalid.ts'
import type { Manifest } from './manifest.ts'
import { ManifestFile } from './manifest-file.ts'
import { Namespaces } from './namespaces.ts'

/** A file that synthesis makes, held in memory until every environment has passed its checks. */
export interface RenderedFile {
  /** From the repository's root, with `/`. */
  readonly path: string
  readonly text: string
  /** How many Kubernetes objects it holds; a values file is none. */
  readonly objects: number
}

/** Everything of one environment. It never writes: `npm run synth` renders all environments first and writes only when every check passed. */
export class LakeApp extends App {
  readonly namespaces: Namespaces

  constructor(readonly environment: string) {
    super()
    if (!/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(environment)) {
      throw new InvalidValue(`${environment}: an environment names folders, use lower-case letters, digits and hyphens.`)
    }
    this.namespaces = new Namespaces(this)
  }

  /** @throws InvalidValue with one line for each violated rule. */
  render(): RenderedFile[] {
    const tree = this.node.findAll()
    const objects = tree.filter(node => ApiObject.isApiObject(node)).map(construct => ({ construct, manifest: toManifest(construct) }))

    const found = violations(tree, objects)
    if (found.length > 0) throw new InvalidValue(found.join('\n'))

    // By hand and not by Chart.toJson(): that validates and sorts the whole app again for each chart.
    const byFile = new Map<ManifestFile, Manifest[]>(tree.filter(ManifestFile.isManifestFile).map(chart => [chart, []]))
    for (const { construct, manifest } of objects) {
      const file = Chart.of(construct)
      if (ManifestFile.isManifestFile(file)) byFile.get(file)?.push(manifest)
    }

    return [
      ...[...byFile].filter(([, manifests]) => manifests.length > 0).map(([file, manifests]) => this.manifestFile(file, manifests)),
      ...tree.filter(node => node instanceof HelmValues).map(values => this.valuesFile(values)),
    ]
  }

  private manifestFile(chart: ManifestFile, manifests: readonly Manifest[]): RenderedFile {
    return {
      path: `dist/${this.environment}/${chart.file}`,
      text: `${generatedBy(chart.node.id)}${toYaml(...manifests)}`,
      objects: manifests.length,
    }
  }

  private valuesFile(values: HelmValues): RenderedFile {
    const { chart, release, namespace } = values
    return {
      path: `helm-values/${this.environment}/${values.file}`,
      text: `${generatedBy(values.node.path)}# Chart ${chart.name} ${chart.version.version}, release ${release}, namespace ${namespace}.\n${toYaml(values.values)}`,
      objects: 0,
    }
  }
}

export const writtenBySynth = 'Written by "npm run synth"'

/** How every generated manifest starts, so that a file which somebody put beside them is noticed. */
export const generatedMarker = `# ${writtenBySynth}`

function generatedBy(construct: string): string {
  return `${generatedMarker} from the construct ${construct}: change that, not this file.\n`
}

function toManifest(construct: ApiObject): Manifest {
  return construct.toJson()
}

/** Through JSON first: what two fields share would else come out once, with an alias in the other place. */
function toYaml(...documents: readonly unknown[]): string {
  return Yaml.stringify(...documents.map(document => JSON.parse(JSON.stringify(document))))
}
