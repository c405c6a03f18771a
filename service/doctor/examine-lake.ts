import type { BucketPlace, EngineClass } from '../catalog/lake-connection.ts'
import { placeOf } from '../catalog/lake-connection.ts'
import type { Config } from '../config.ts'
import { externalConnections, serviceLogin } from '../external/external-connections.ts'
import { openStore } from '../files/file-store.ts'
import type { ExternalLake } from '../read-lake.ts'
import { checkCatalog } from './check-catalog.ts'
import { checkClock } from './check-clock.ts'
import { checkEmbedded } from './check-embedded.ts'
import { checkExtensions } from './check-extensions.ts'
import { checkFolder } from './check-folder.ts'
import type { KeyToCheck } from './check-key.ts'
import { checkPublications } from './check-publications.ts'
import { checkVersions } from './check-versions.ts'
import { checks, type Finding, hasFault } from './finding.ts'
import { reachStorage } from './reach-storage.ts'

const rights = {
  reader: { put: false, remove: false },
  writer: { put: true, remove: false },
  maintenance: { put: true, remove: true },
} as const

/** Looks at all that a lake stands on, as the settings of its service have it. Nothing is changed, made or started. */
export async function examineLake(config: Config): Promise<readonly Finding[]> {
  const versions = await checkVersions()
  const loads = versions.every(({ state }) => state === 'ok')
  const findings = [...versions, checkFolder(config), ...(loads ? await checkExtensions(config.extensionDir) : [])]
  findings.push(...(config.externalLake ? await checkExternal(config, config.externalLake) : await checkEmbedded(config)))
  return checks.flatMap(check => findings.filter(finding => finding.check === check))
}

async function checkExternal(config: Config, external: ExternalLake): Promise<readonly Finding[]> {
  const connections = externalConnections(config, external)
  const { reader, writer, maintenance } = connections
  const logins = { service: serviceLogin(external), reader: reader.catalog, writer: writer.catalog, maintenance: maintenance.catalog }
  const [catalog, storage] = await Promise.all([checkCatalog(logins, external.dataPath), checkStorage(external, connections)])
  const found = [...storage, ...catalog]
  // What is wrong with these would only show again.
  if (hasFault(found)) return found
  const [files, logs] = await Promise.all([openStore(placeOf(reader)), external.publications && openStore(external.publications)])
  return [...found, ...(await checkPublications({ service: logins.service, files, logs }))]
}

async function checkStorage(
  { storage, results, backups, publications, classes }: ExternalLake,
  connections: ReturnType<typeof externalConnections>,
): Promise<readonly Finding[]> {
  const { finding, at } = await reachStorage(storage)
  const now = new Date()
  if (finding.state !== 'ok') return [finding]
  const clock = at ? [checkClock('the object store', finding.where, at, now)] : []
  // The lake in a folder does without it: it takes 20 MB.
  const { checkKey } = await import('./check-key.ts')
  const keys = [
    ...(['reader', 'writer', 'maintenance'] as const).flatMap(name => keyOf(name, placeOf(connections[name]))),
    ...(results.kind === 's3' ? [{ prefix: 'S3_RAW', place: results, put: true, remove: true }] : []),
    // It has none of its own if that of maintenance, which was looked at already, serves for it.
    ...(publications && publications.keyId !== classes.maintenance.key.keyId
      ? [{ prefix: 'S3_PUBLISH', place: publications, put: true, remove: true }]
      : []),
    ...(backups ? [{ prefix: 'S3_BACKUP', place: backups, put: true, remove: true }] : []),
  ]
  return [finding, ...(await Promise.all(keys.map(checkKey))), ...clock]
}

function keyOf(name: EngineClass, place: string | BucketPlace): KeyToCheck[] {
  return typeof place === 'string' ? [] : [{ prefix: `S3_${name.toUpperCase()}`, place, ...rights[name] }]
}
