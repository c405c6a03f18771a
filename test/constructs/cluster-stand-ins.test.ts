import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { containersOf, podTemplateOf } from '../../constructs/checks/pod-spec.ts'
import { dev } from '../../constructs/environments.ts'
import { GeneratedSecret } from '../../constructs/generated-secret.ts'
import { fields, list, type Manifest } from '../../constructs/manifest.ts'
import { deployment } from '../../main.ts'
import { minioJob } from '../e2e/cluster/stand-ins/minio-job.ts'
import { minioServer, minioVolume } from '../e2e/cluster/stand-ins/minio-server.ts'
import { postgresServer } from '../e2e/cluster/stand-ins/postgres-server.ts'
import { readService } from '../service-in-dist.ts'

// What stands in for the charts in `npm run e2e:cluster`, against what dev's own manifests expect of them. The cluster itself is asked there.

const standIns: readonly Manifest[] = [minioVolume(), ...minioServer(), ...minioJob(), ...postgresServer()]
const app = deployment(dev())
const { environment } = readService('dev').service
const find = (kind: string, name: string) => fields(standIns.find(one => one.kind === kind && one.metadata.name === name))

describe('the stand-ins for the charts', () => {
  it('are reached by the addresses that the service is given', () => {
    const { hostname, port } = new URL(environment.S3_ENDPOINT ?? '')
    for (const [host, wanted] of [
      [hostname, port],
      [environment.CATALOG_HOST ?? '', environment.CATALOG_PORT],
    ]) {
      const [name = '', namespace] = (host ?? '').split('.')
      const service = find('Service', name)
      expect(fields(service.metadata).namespace).toBe(namespace)
      expect(list(fields(service.spec).ports).map(entry => String(fields(entry).port))).toEqual([wanted])
    }
  })

  it('have pods with the labels that Services and NetworkPolicies go by', () => {
    const pods = standIns.map(podTemplateOf).filter(template => template !== undefined)
    const selects = (labels: Readonly<Record<string, unknown>>) =>
      pods.filter(pod => Object.entries(labels).every(([name, value]) => pod.labels[name] === value)).length
    const policies = app
      .render()
      .filter(({ path }) => path === 'dist/dev/storage.k8s.yaml')
      .flatMap(({ text }) => [...text.matchAll(/^ {2}podSelector:\n {4}matchLabels:\n((?: {6}\S+: \S+\n)+)/gm)])
      .map(([, lines = '']) => Object.fromEntries([...lines.matchAll(/(\S+): (\S+)/g)].map(([, name = '', value]) => [name, value])))
    expect(policies.map(selects)).toEqual([1, 1, 1])
    expect(standIns.filter(({ kind }) => kind === 'Service').map(({ spec }) => selects(fields(fields(spec).selector)))).toEqual([1, 1])
  })

  it('take every Secret of the storage, and no key that it does not have', () => {
    const made = app.node.findAll().filter(node => node instanceof GeneratedSecret && node.namespace === 'storage')
    const known = new Map(made.map(secret => (secret instanceof GeneratedSecret ? [secret.name, secret.keys] : ['', []])))
    const used = secretsOf(standIns)
    expect([...new Set(used.map(({ name }) => name))].sort()).toEqual([...known.keys()].sort())
    for (const { name, key } of used) expect(known.get(name), `${name}/${key}`).toContain(key)
  })

  it('make every bucket, and a user and policy for every key that the service has', () => {
    const script = String(fields(find('ConfigMap', 'minio-job').data)['set-up.sh'])
    for (const name of ['S3_DATA_PATH', 'S3_RAW_PATH', 'S3_BACKUP_PATH', 'S3_PUBLISH_PATH'])
      expect(script).toContain(`mc mb --ignore-existing myminio/${new URL(environment[name] ?? '').hostname}\n`)
    const users = Object.values(readService('dev').service.files).flatMap(({ secret }) => /^minio-(.+)/.exec(secret)?.[1] ?? [])
    for (const user of new Set(users)) {
      expect(script).toContain(`mc admin user add myminio "$(cat /mnt/users/${user}/accessKey)"`)
      expect(script).toContain(`mc admin policy attach myminio ${user} `)
    }
    for (const [, policy] of script.matchAll(/mc admin policy create myminio (\S+) /g))
      expect(JSON.parse(String(fields(find('ConfigMap', 'minio-job').data)[`${policy}.json`])).Statement).not.toEqual([])
  })

  it('make the database of the catalog, and its administrator', () => {
    const [container] = list(fields(fields(fields(find('StatefulSet', 'postgres').spec).template).spec).containers).map(fields)
    expect(container?.env).toContainEqual({ name: 'POSTGRES_DATABASE', value: environment.CATALOG_DATABASE })
    const entrypoint = readFileSync('test/e2e/cluster/stand-ins/postgres-entrypoint.sh', 'utf8')
    expect(entrypoint).toContain(` -U ${environment.CATALOG_ADMIN_USER} `)
  })
})

/** Each key of a Secret that a pod of these reads, by a variable or as a file. */
function secretsOf(manifests: readonly Manifest[]): { name: string; key: string }[] {
  return manifests
    .map(podTemplateOf)
    .filter(template => template !== undefined)
    .flatMap(template => {
      const variables = containersOf(template)
        .flatMap(container => list(container.fields.env))
        .map(variable => fields(fields(fields(variable).valueFrom).secretKeyRef))
        .filter(({ name }) => name !== undefined)
      const files = list(template.spec.volumes)
        .flatMap(volume => list(fields(fields(volume).projected).sources))
        .map(source => fields(fields(source).secret))
        .flatMap(({ name, items }) => list(items).map(item => ({ name, key: fields(item).key })))
      return [...variables, ...files].map(({ name, key }) => ({ name: String(name), key: String(key) }))
    })
}
