import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type Static, Type } from 'typebox'
import { ServiceError } from '../errors.ts'
import { listVersions, type StoredPublication } from '../store/publications.ts'
import { name, orNull, problems, tablePath } from './schemas.ts'

const publication = Type.Object(
  {
    schema: Type.String(),
    table: Type.String(),
    location: Type.String({ description: 'Where Delta’s readers find the table.' }),
    leaveOut: Type.Array(Type.String(), { description: 'Columns that are not published.' }),
    version: orNull(Type.Integer(), 'The newest one of the log.'),
    snapshotId: orNull(Type.String(), 'The version of the lake up to which everything is in it.'),
    createdAt: Type.String(),
    createdBy: Type.String({ description: 'The id of a key.' }),
    error: orNull(Type.Object({ code: Type.String(), detail: Type.String() }), 'Why the last attempt failed.'),
  },
  { title: 'Publication' },
)
const attempt = Type.Object(
  {
    ...publication.properties,
    changed: Type.Boolean({ description: 'Whether there was anything to publish.' }),
    addedFiles: Type.Integer(),
    removedFiles: Type.Integer(),
    bytes: Type.Integer({ description: 'Written into the log.' }),
  },
  { title: 'PublicationAttempt' },
)
const version = Type.Object({ version: Type.Integer(), snapshotId: Type.String(), publishedAt: Type.String() })

/** Versions of one answer. */
const maxVersions = 1_000

/** How long another publisher of the same table is waited for. */
const lockWaitMs = 60_000

const tags = ['publications']
const config = { scope: 'admin' } as const

/** Tables that others read from the lake's own files. */
export const publicationRoutes: FastifyPluginAsyncTypebox = async app => {
  app.post(
    '/v1/tables/:schema/:table/publication',
    {
      config,
      schema: {
        tags,
        summary: 'Publish a table, or what has changed in it',
        description: 'As a Delta transaction log that lists the table’s own files: no data is copied.',
        params: tablePath,
        body: Type.Object(
          { leaveOut: Type.Optional(Type.Array(name, { maxItems: 1_000, description: 'Columns that are not to be published.' })) },
          { additionalProperties: false, title: 'PublicationRequest' },
        ),
        response: { 200: attempt, ...problems },
      },
    },
    async ({ params: { schema, table }, body: { leaveOut }, caller }) => {
      const { changed, addedFiles, removedFiles, bytes } = await app.publications.publish(
        { schema, table, leaveOut, by: caller.id },
        { timeoutMs: lockWaitMs },
      )
      return { ...shown(await published(schema, table)), changed, addedFiles, removedFiles, bytes }
    },
  )

  app.get(
    '/v1/tables/:schema/:table/publication',
    {
      config,
      schema: {
        tags,
        summary: 'How a table is published, and which version is which',
        params: tablePath,
        response: {
          200: Type.Object({
            ...publication.properties,
            versions: Type.Array(version, { description: `Newest first; up to ${maxVersions}.` }),
          }),
          ...problems,
        },
      },
    },
    async ({ params: { schema, table } }) => {
      const found = await published(schema, table)
      const versions = await listVersions(app.store.ask, found.id, maxVersions)
      return {
        ...shown(found),
        versions: versions.map(each => ({ ...each, version: Number(each.version), publishedAt: each.publishedAt.toISOString() })),
      }
    },
  )

  app.delete(
    '/v1/tables/:schema/:table/publication',
    {
      config,
      schema: {
        tags,
        summary: 'Publish a table no longer',
        description: 'Its log is removed; the table’s own files stay as they are.',
        params: tablePath,
        response: { 204: Type.Null(), ...problems },
      },
    },
    async ({ params: { schema, table } }, reply) => {
      await app.publications.withdraw(schema, table, { timeoutMs: lockWaitMs })
      return reply.code(204).send(null)
    },
  )

  app.get(
    '/v1/publications',
    {
      config,
      schema: {
        tags,
        summary: 'Tables that are published',
        response: { 200: Type.Object({ publications: Type.Array(publication) }), ...problems },
      },
    },
    async () => ({ publications: (await app.publications.list()).map(shown) }),
  )

  async function published(schema: string, table: string): Promise<StoredPublication> {
    const found = await app.publications.find(schema, table)
    if (!found) throw new ServiceError('notFound', `The table ${schema}.${table} is not published.`)
    return found
  }

  function shown(stored: StoredPublication): Static<typeof publication> {
    const { schema, table, folder, leaveOut, version: newest, snapshotId, createdAt, createdBy, error } = stored
    return {
      schema,
      table,
      location: app.locationOf(folder),
      leaveOut: [...leaveOut],
      version: newest === null ? null : Number(newest),
      snapshotId,
      createdAt: createdAt.toISOString(),
      createdBy,
      error,
    }
  }
}
