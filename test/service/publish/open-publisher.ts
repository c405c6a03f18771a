import type { CatalogLogin, EngineClass, LakeConnection } from '../../../service/catalog/lake-connection.ts'
import { readConfig } from '../../../service/config.ts'
import { attachLake } from '../../../service/engine/attach-lake.ts'
import { readDeletions } from '../../../service/engine/publish/read-deletions.ts'
import { writeCheckpoint } from '../../../service/engine/publish/write-checkpoint.ts'
import { openStore } from '../../../service/files/file-store.ts'
import { Publisher } from '../../../service/publish/publisher.ts'
import { Store } from '../../../service/store/store.ts'
import { TableLocks } from '../../../service/writes/table-lock.ts'

/** What a publisher needs to know of a lake; it goes through JSON. */
export interface PublisherPlace {
  readonly connections: Readonly<Record<EngineClass, LakeConnection>>
  readonly service: CatalogLogin
  readonly folder: string
  /** What stands for its process in PostgreSQL. */
  readonly session: string
}

/** A publisher with engines of its own process, and without a service around it. @param made gives the store another behaviour */
export async function openPublisher(
  { connections, service, folder, session }: PublisherPlace,
  made: (login: CatalogLogin) => Store = login => new Store(login),
) {
  const { engine: limits } = readConfig({}, [])
  const attached = (engineClass: EngineClass) => attachLake(connections[engineClass], limits, folder, [], [folder], engineClass)
  const [reader, writer] = [await attached('reader'), await attached('writer')]
  const store = made(service)
  const locks = new TableLocks(service, session)
  const publisher = new Publisher({
    store,
    catalog: connections.reader.catalog,
    readDeletions: order => readDeletions({ lake: reader }, order),
    writeCheckpoint: order => writeCheckpoint({ lake: writer }, order),
    spoolFolder: folder,
    locks,
    place: () => openStore(`${folder}/published`),
    checkpointEvery: () => 10,
    checkpointFailed: error => {
      throw error
    },
  })
  return {
    publisher,
    store,
    async close() {
      await locks.close()
      await store.close()
      reader.closeSync()
      writer.closeSync()
    },
  }
}
