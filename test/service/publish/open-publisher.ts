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

interface Otherwise {
  /** Gives the store another behaviour. */
  readonly made?: (login: CatalogLogin) => Store
  readonly checkpointEvery?: number
}

/** A publisher with engines of its own process, and without a service around it. */
export async function openPublisher(
  { connections, service, folder, session }: PublisherPlace,
  { made = login => new Store(login), checkpointEvery = 10 }: Otherwise = {},
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
    place: async () => {
      const place = await openStore(`${folder}/published`)
      if (open.breakRemoval) place.remove = removeOnly(1, place.remove.bind(place))
      return place
    },
    checkpointEvery: () => checkpointEvery,
    checkpointFailed: error => {
      throw error
    },
  })
  const open = {
    publisher,
    store,
    locks,
    /** Whether only one file can be removed of each log. */
    breakRemoval: false,
    async close() {
      await locks.close()
      await store.close()
      reader.closeSync()
      writer.closeSync()
    },
  }
  return open
}

/** As a process would that ends after so many files. */
function removeOnly(count: number, remove: (path: string) => Promise<void>): (path: string) => Promise<void> {
  let left = count
  return async path => {
    if (left === 0) throw new Error('ended')
    left -= 1
    await remove(path)
  }
}
