import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { assertMayUseObjects } from '../access/assert-objects.ts'
import type { QueryLimits } from '../config.ts'
import type { CsvDialect } from '../engine/ingest/csv-dialect.ts'
import { sourceFormats } from '../engine/ingest/source.ts'
import { formatOf } from '../objects/object-format.ts'
import { checkKey } from '../objects/object-key.ts'
import { spoolObject } from '../objects/spool-object.ts'
import { whileListed } from '../results/while-listed.ts'
import { keyPath } from './object-path.ts'
import { csvOptions, csvQuery } from './rows-query.ts'
import { column, problems } from './schemas.ts'

/** Of a long text file only the beginning is looked at. */
const previewBytes = 4_194_304

const preview = Type.Object(
  {
    key: Type.String(),
    bytes: Type.Integer(),
    etag: Type.String(),
    format: Type.Enum([...sourceFormats]),
    columns: Type.Array(column, { description: 'With the types that the first rows look like.' }),
    rows: Type.Array(Type.Array(Type.Unknown()), {
      description: 'The first rows, as in JSON results; rows that cannot be read are left out.',
    }),
    dialect: Type.Optional(
      Type.Object(
        { delimiter: Type.String(), quote: Type.String(), escape: Type.String(), header: Type.Boolean(), nullText: Type.String() },
        { description: 'How CSV is written.' },
      ),
    ),
  },
  { title: 'Preview' },
)
const previewQuery = Type.Object(
  {
    ...csvQuery,
    format: Type.Optional(Type.Enum([...sourceFormats], { description: 'Found out by content type and key if it is missing.' })),
    limit: Type.Optional(Type.String({ pattern: '^[1-9]\\d{0,2}$', description: 'Rows; 10 if it is missing.' })),
  },
  { additionalProperties: false },
)

/** `GET /v1/previews/{key}`: what an object holds, if it is rows. A path of its own, since every path below /v1/objects is a key. */
export const previewRoutes: FastifyPluginAsyncTypebox<{ readonly query: QueryLimits }> = async (app, { query: { timeoutMs } }) => {
  app.get(
    '/v1/previews/*',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['objects'],
        summary: 'Columns and first rows of an object',
        params: keyPath,
        querystring: previewQuery,
        response: { 200: preview, ...problems },
      },
    },
    async (request, reply) => {
      const { caller, params, query } = request
      assertMayUseObjects(caller, 'read')
      const found = await app.objects.find(checkKey(params['*']))
      const asked = formatOf(found, query.format)
      const { format, gzip } = asked
      const gone = new AbortController()
      reply.raw.once('close', () => gone.abort())
      const inLines = (format === 'csv' || format === 'ndjson') && !gzip
      const file = await spoolObject(app, found, asked, inLines ? previewBytes : undefined)
      try {
        const csv = csvOptions(query)
        const order = { source: { format, paths: [file.path], ...(csv && { csv }) }, rows: Number(query.limit ?? 10) }
        const { columns, rows, dialect } = await whileListed(app, { request, gone }, { kind: 'query' }, begun =>
          app.writers.perform({ name: 'describe', order }, { timeoutMs, signal: gone.signal, begun }, caller),
        )
        return {
          ...{ key: found.key, bytes: found.bytes, etag: `"${found.etag}"`, format },
          columns: columns.map(each => ({ ...each })),
          rows: rows.map(row => [...row]),
          ...(dialect && { dialect: told(dialect) }),
        }
      } finally {
        await file.release()
      }
    },
  )
}

function told({ delimiter, quoteMark, escapeMark, header, nullText }: CsvDialect) {
  return { delimiter, quote: quoteMark, escape: escapeMark, header, nullText }
}
