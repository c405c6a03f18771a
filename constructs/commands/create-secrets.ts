import { randomInt } from 'node:crypto'
import { makeKey } from '../../service/access/api-key.ts'
import { GeneratedSecret, generatedLength } from '../generated-secret.ts'
import { InvalidValue } from '../invalid.ts'
import type { LakeApp } from '../lake-app.ts'
import { fields } from '../manifest.ts'
import { SecretCopy } from '../secret-copy.ts'
import type { ClusterTool } from './cluster-tool.ts'
import { copySecret } from './copy-secret.ts'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** How long the External Secrets operator may take for all of them. */
const readyWithin = '5m'

/** Creates the Secrets that are not there yet and prints which. One that exists is never touched: a server already knows its value.
 * Copies in other namespaces come last, and follow their source.
 * @throws InvalidValue for an existing Secret that lacks a key. @returns the exit code, always 0. */
export function createSecrets(app: LakeApp, cluster: ClusterTool): number {
  const secrets = app.node.findAll().filter(node => node instanceof GeneratedSecret)
  const copies = app.node.findAll().filter(node => node instanceof SecretCopy)
  cluster.run('kubectl', 'apply', '--server-side', '--filename', `dist/${app.environment}/${app.namespaces.file}`)
  for (const secret of secrets.filter(({ madeBy }) => madeBy === 'kubectl')) createSecret(secret, cluster)
  for (const copy of copies.filter(({ props }) => props.madeBy === 'kubectl')) copySecret(copy, cluster)

  const byOperator = [...secrets, ...copies.map(({ props }) => props)].filter(({ madeBy }) => madeBy === 'external-secrets')
  if (byOperator.length > 0) cluster.run('kubectl', 'apply', '--server-side', '--filename', `dist/${app.environment}/`)
  for (const { name, namespace } of byOperator) {
    cluster.run('kubectl', 'wait', '--for=condition=Ready', `externalsecret/${name}`, '--namespace', namespace, '--timeout', readyWithin)
  }
  return 0
}

function createSecret({ name, namespace, keys, form }: GeneratedSecret, cluster: ClusterTool): void {
  const existing = cluster.ask('kubectl', '--namespace', namespace, 'get', 'secret', name, '--output', 'json')
  if (existing !== undefined) {
    const present = fields(fields(JSON.parse(existing)).data)
    const missing = keys.filter(key => !(key in present))
    if (missing.length > 0) {
      throw new InvalidValue(
        `Secret ${namespace}/${name} exists without ${missing.join(', ')}: add the key, or delete the Secret if no server uses it yet.`,
      )
    }
    console.log(`Secret ${namespace}/${name} exists, left as it is.`)
    return
  }
  const shown = keys.map(key => `--from-literal=${key}=…`).join(' ')
  const manifest = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace },
    stringData: Object.fromEntries(keys.map(key => [key, form === 'api-key' ? makeKey() : randomText()])),
  }
  // By standard input: arguments can be read by every process of this machine. `create` and not `apply`: that would keep the text in an annotation.
  cluster.runWithInput(
    `kubectl --namespace ${namespace} create secret generic ${name} ${shown}`,
    JSON.stringify(manifest),
    'kubectl',
    'create',
    '--filename',
    '-',
  )
}

function randomText(): string {
  return Array.from({ length: generatedLength }, () => alphabet[randomInt(alphabet.length)]).join('')
}
