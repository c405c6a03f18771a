import fp from 'fastify-plugin'
import { Counter } from 'prom-client'
import type { BucketPlace, CatalogLogin } from '../catalog/lake-connection.ts'
import { ofTheService } from '../engine-pool/pool-limits.ts'
import { ServiceError } from '../errors.ts'
import { type FileStore, openStore } from '../files/file-store.ts'
import { fileUri } from '../publish/file-uri.ts'
import { PublicationLife } from '../publish/publication-life.ts'
import { Publications } from '../publish/publications.ts'
import { PublishLoop } from '../publish/publish-loop.ts'
import { Publisher } from '../publish/publisher.ts'

declare module 'fastify' {
  interface FastifyInstance {
    readonly publications: Publications
    /** Where the log of a folder lies, for those who read it. */
    readonly locationOf: (folder: string) => string
  }
}

interface PublicationsOptions {
  /** As a role that may read it. */
  readonly catalog: CatalogLogin
  readonly place: string | BucketPlace | undefined
  /** Whether this process may publish by itself. */
  readonly publishes: boolean
}

/** How long reading the delete files of a version may take, or writing a checkpoint. */
const timeoutMs = 600_000

/** Tables that Spark and others read from the lake's own files, by logs that list them. */
export default fp<PublicationsOptions>(
  async (app, { catalog, place, publishes }) => {
    const count = new Counter({
      name: 'ducklake_publications_total',
      help: 'Attempts to publish what has changed in a table, by outcome (ok or the error code).',
      labelNames: ['outcome'],
      registers: [app.metrics.registry],
    })
    let opened: Promise<FileStore> | undefined
    const open = () => {
      if (place === undefined)
        throw new ServiceError('notSupported', 'This lake publishes nothing: S3_PUBLISH_PATH says where the logs would lie.')
      opened ??= openStore(place)
      return opened
    }
    const publisher = new Publisher({
      store: app.store,
      catalog,
      readDeletions: (order, signal) => app.engines.perform({ name: 'deletions', order }, { timeoutMs, signal }, ofTheService),
      writeCheckpoint: order => app.writers.perform({ name: 'checkpoint', order }, { timeoutMs }, ofTheService),
      spoolFolder: app.spool.folder,
      locks: app.tableLocks,
      place: async () => open(),
      checkpointEvery: () => app.lakeSettings.get('publish.checkpointEvery'),
      checkpointFailed: error => app.log.warn({ err: error }, 'no checkpoint was written'),
    })
    const publications = new Publications(app.store, publisher)
    app.decorate('publications', publications)
    app.decorate('locationOf', (folder: string) =>
      typeof place === 'object' ? fileUri(`s3://${place.bucket}/${place.prefix}${folder}`) : `${place}${folder}`,
    )
    if (!publishes || place === undefined) return
    const life = new PublicationLife(
      {
        store: app.store,
        publisher,
        locks: app.tableLocks,
        place: async () => open(),
        keepHours: () => app.lakeSettings.get('publish.keepHours'),
      },
      {
        withdrawn: table => app.log.info({ table }, 'publication removed: its table is gone, or somebody began to remove it'),
        failed: (table, error) => app.log.warn({ table, err: error }, 'publication was not tidied'),
      },
    )
    const loop = new PublishLoop(
      { publications, publisher, life, everySeconds: () => app.lakeSettings.get('publish.everySeconds') },
      {
        published(table, { version, snapshotId, addedFiles, removedFiles, bytes }) {
          count.inc({ outcome: 'ok' })
          app.log.info({ table, version, snapshot_id: snapshotId, added: addedFiles, removed: removedFiles, bytes }, 'published')
        },
        failed(table, error) {
          count.inc({ outcome: error instanceof ServiceError ? error.code : 'internal' })
          app.log.warn({ table, err: error }, 'not published')
        },
        lookFailed: error => app.log.warn({ err: error }, 'publications were not looked at'),
      },
    )
    app.addHook('onReady', async () => loop.begin())
    app.addHook('preClose', () => loop.close())
  },
  { name: 'publications', dependencies: ['metrics', 'store', 'engines', 'writers', 'spool', 'lake-settings'] },
)
