import { join } from 'node:path'
import type { CatalogLogin, EngineClass, LakeConnection } from '../catalog/lake-connection.ts'
import type { Config } from '../config.ts'
import type { ExternalLake } from '../read-lake.ts'

/** How each class of engine reaches the lake. */
export function externalConnections(config: Config, external: ExternalLake): Readonly<Record<EngineClass, LakeConnection>> {
  const as = (engineClass: EngineClass): LakeConnection => ({
    catalog: { ...external.catalog, ...external.classes[engineClass].login },
    storage: { kind: 's3', ...external.storage, ...external.classes[engineClass].key },
    dataPath: external.dataPath,
    extensionDir: config.extensionDir,
    secretDir: join(config.lakeDir, 'no-secrets'),
  })
  return { reader: as('reader'), writer: as('writer'), maintenance: as('maintenance') }
}

export function serviceLogin({ catalog, service }: ExternalLake): CatalogLogin {
  return { ...catalog, ...service }
}
