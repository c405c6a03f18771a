import { ApiObject } from 'cdk8s'
import { parse } from 'yaml'
import { HelmValues } from '../helm-values.ts'
import type { LakeApp } from '../lake-app.ts'
import { fields, list } from '../manifest.ts'

/** What one environment is made of, to be asked and compared: objects as `Kind namespace/name`, a chart's values as `values release`. */
export class EnvironmentView {
  readonly name: string
  readonly objects: ReadonlyMap<string, unknown>

  constructor(app: LakeApp) {
    this.name = app.environment
    const tree = app.node.findAll()
    this.objects = new Map([
      ...tree.filter(node => ApiObject.isApiObject(node)).map(object => this.entry(object)),
      ...tree.filter(node => node instanceof HelmValues).map(({ release, values }) => [`values ${release}`, plain(values)] as const),
    ])
  }

  has(object: string): boolean {
    return this.objects.has(object)
  }

  /** A value as text, or undefined. @param path `a.b.0.c`; no key in it has a dot */
  at(object: string, path: string): string | undefined {
    const found = this.valueAt(object, path)
    return found === undefined ? undefined : typeof found === 'object' ? JSON.stringify(found) : `${found}`
  }

  /** Names without their namespace. */
  named(kind: string): string[] {
    return [...this.objects.keys()].filter(key => key.startsWith(`${kind} `)).map(key => key.replace(/^.*[ /]/, ''))
  }

  /** Whom a NetworkPolicy lets in or out, as `name:port`. */
  edges(policy: string, direction: 'ingress' | 'egress'): string {
    const edges = list(this.valueAt(`NetworkPolicy ${policy}`, `spec.${direction}`)).map(fields)
    const ends = edges.flatMap(edge => {
      const ports = [...new Set(list(edge.ports).map(port => fields(port).port))].join('/')
      const peers = list(edge[direction === 'ingress' ? 'from' : 'to'])
      return peers.length === 0 ? [`anybody:${ports}`] : peers.map(peer => `${nameOf(peer)}:${ports}`)
    })
    return [...new Set(ends)].join(', ') || 'nobody'
  }

  private valueAt(object: string, path: string): unknown {
    return path
      .split('.')
      .reduce<unknown>((found, key) => (Array.isArray(found) ? found[Number(key)] : fields(found)[key]), this.objects.get(object))
  }

  private entry(object: ApiObject): readonly [string, unknown] {
    const { name, namespace } = object.metadata.toJson() ?? {}
    const manifest = plain(object.toJson())
    // Argo CD's objects are named after the environment, and the same otherwise.
    const own = new RegExp(`\\b${this.name}\\b`, 'g')
    const key = `${object.kind} ${namespace ? `${namespace}/` : ''}${name}`
    if (object.apiGroup !== 'argoproj.io') return [key, withConfiguration(manifest)]
    return [key.replace(own, '<environment>'), JSON.parse(JSON.stringify(manifest).replace(own, '<environment>'))]
  }
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}

/** A YAML file in a ConfigMap as what it says, under its name without the ending. */
function withConfiguration(manifest: unknown): unknown {
  const { kind, data, ...others } = fields(manifest)
  if (kind !== 'ConfigMap') return manifest
  const files = Object.entries(fields(data)).map(([name, text]) =>
    /\.ya?ml$/.test(name) ? [name.replace(/\.ya?ml$/, ''), parse(String(text))] : [name, text],
  )
  return { ...others, kind, data: Object.fromEntries(files) }
}

function nameOf(peer: unknown): string {
  const { podSelector, namespaceSelector, ipBlock } = fields(peer)
  const labels = fields(fields(podSelector).matchLabels)
  const known = ['app.kubernetes.io/name', 'app', 'k8s-app', 'cnpg.io/cluster'].map(key => labels[key]).find(Boolean)
  return String(known ?? fields(fields(namespaceSelector).matchLabels)['kubernetes.io/metadata.name'] ?? fields(ipBlock).cidr ?? 'pods')
}
