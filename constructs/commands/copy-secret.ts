import { InvalidValue } from '../invalid.ts'
import { fields } from '../manifest.ts'
import type { SecretCopy } from '../secret-copy.ts'
import type { ClusterTool } from './cluster-tool.ts'

/** Puts the values of a Secret beside those who read them, and again after they have changed where they are made.
 * @throws InvalidValue if they are not there yet. */
export function copySecret({ props: { name, from, namespace, keys } }: SecretCopy, cluster: ClusterTool): void {
  const source = dataOf(name, from, cluster)
  const missing = keys.filter(key => !(key in source))
  if (missing.length > 0 && !cluster.dryRun) {
    throw new InvalidValue(`Secret ${from}/${name}, of which ${namespace} needs a copy, has no ${missing.join(', ')}: make it first.`)
  }
  const copy = dataOf(name, namespace, cluster)
  if (Object.keys(copy).length > 0 && keys.every(key => copy[key] === source[key])) {
    console.log(`Secret ${namespace}/${name} is as in ${from}, left as it is.`)
    return
  }
  const manifest = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace },
    data: Object.fromEntries(keys.map(key => [key, source[key]])),
  }
  const verb = Object.keys(copy).length > 0 ? 'replace' : 'create'
  const shown = `kubectl --namespace ${namespace} create secret generic ${name} ${keys.map(key => `--from-literal=${key}=…`).join(' ')}`
  // By standard input, as in create-secrets.ts.
  cluster.runWithInput(
    `${shown}${verb === 'replace' ? ' --dry-run=client --output=yaml | kubectl replace --filename -' : ''} # as in ${from}`,
    JSON.stringify(manifest),
    'kubectl',
    verb,
    '--filename',
    '-',
  )
  if (verb === 'replace') console.log(`Secret ${namespace}/${name} had other values: restart the pods that read it.`)
}

function dataOf(name: string, namespace: string, cluster: ClusterTool): Readonly<Record<string, unknown>> {
  const found = cluster.ask('kubectl', '--namespace', namespace, 'get', 'secret', name, '--output', 'json')
  return found === undefined ? {} : fields(fields(JSON.parse(found)).data)
}
