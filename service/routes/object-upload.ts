import { Readable } from 'node:stream'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { assertMayUseObjects } from '../access/assert-objects.ts'
import type { ObjectLimits } from '../config.ts'
import { ServiceError } from '../errors.ts'
import { parentRunOf } from '../lineage/parent-run.ts'
import { checkKey } from '../objects/object-key.ts'
import { bodyOfRequest } from '../spool/body-of-request.ts'
import { IncomingBody } from '../spool/incoming-body.ts'
import { keyPath } from './object-path.ts'
import { refuseConditions } from './objects.ts'
import { problems } from './schemas.ts'

const uploaded = Type.Object(
  {
    key: Type.String(),
    bytes: Type.Integer(),
    etag: Type.String({ description: 'As in the header ETag.' }),
    contentType: Type.String(),
    digest: Type.String({ description: 'Of what arrived, as Content-Digest has it: sha-256=:…:' }),
  },
  { title: 'UploadedObject' },
)
const headers = Type.Object({
  'if-none-match': Type.Optional(Type.Literal('*', { description: 'Leaves an object alone that is there already: 412.' })),
  'content-digest': Type.Optional(Type.String({ description: 'sha-256=:<base64>: or sha-512, which the body is held to.' })),
})

/** `PUT /v1/objects/{key}`: bytes on their way into the store, of which nobody sees any before the last one has come. */
export const objectUploadRoute: FastifyPluginAsyncTypebox<{ readonly limits: ObjectLimits }> = async (app, { limits }) => {
  let running = 0
  // The body stays a stream, whatever it is.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload))

  app.put(
    '/v1/objects/*',
    {
      config: { scope: 'write', upload: true },
      schema: {
        tags: ['objects'],
        summary: 'Store the body under a key, whatever it is',
        description: 'It takes the place of an object that is there, in one moment. Of a body that does not come whole nothing is kept.',
        params: keyPath,
        headers,
        response: { 200: uploaded, 201: uploaded, ...problems },
      },
    },
    async (request, reply) => {
      assertMayUseObjects(request.caller, 'write')
      const key = checkKey(request.params['*'])
      const contentType = contentTypeOf(request.headers['content-type'])
      refuseConditions(request.headers)
      refuseParts(request.headers)
      const onlyNew = request.headers['if-none-match'] !== undefined
      const body = bodyOfRequest({ body: request.body ?? Readable.from([]), headers: request.headers })
      const incoming = new IncomingBody(body, limits.maxMb * 1_048_576, 'OBJECT_MAX_MB')
      if (running >= limits.uploads)
        throw new ServiceError('tooManyRequests', `${running} uploads are under way in this process already: try again when one has ended.`)
      running += 1
      const run = app.lineage.begin({
        job: { kind: 'upload', name: `upload.${key}` },
        inputs: [],
        outputs: [app.objects.datasetOf(key)],
        requestId: request.id,
        keyId: request.caller.id,
        parent: parentRunOf(request.headers),
      })
      try {
        const isThere = await exists(key)
        if (isThere && onlyNew)
          throw new ServiceError('preconditionFailed', `There is an object ${key} already, and If-None-Match wants none.`)
        // Whoever stops reading early must not end the connection: it is to carry the answer.
        const chunks = incoming.checked(body.stream.iterator({ destroyOnReturn: false }))
        const tag = await app.objects.write(key, chunks, { contentType, onlyNew })
        run.complete({ bytes: incoming.received })
        const etag = `"${tag}"`
        reply.code(isThere ? 200 : 201).header('etag', etag)
        return reply.send({ key, bytes: incoming.received, etag, contentType, digest: `sha-256=:${incoming.sha256}:` })
      } catch (error) {
        const reason = incoming.reasonOf(error)
        run.fail(reason)
        throw reason
      } finally {
        running -= 1
      }
    },
  )

  async function exists(key: string): Promise<boolean> {
    try {
      await app.objects.find(key)
      return true
    } catch (error) {
      if (error instanceof ServiceError && error.code === 'notFound') return false
      throw error
    }
  }
}

/** It is sent back as it came. @throws ServiceError invalidRequest */
function contentTypeOf(header: string | undefined): string {
  if (header === undefined || header === '') return 'application/octet-stream'
  if (!/^[\x20-\x7e]{1,255}$/.test(header))
    throw new ServiceError('invalidRequest', 'Content-Type has more than 255 characters, or others than ASCII has.')
  return header
}

/** @throws ServiceError for a body that is not the object as it is to be kept */
function refuseParts({
  'content-encoding': encoding,
  'content-range': range,
}: Readonly<Record<string, string | string[] | undefined>>): void {
  if (encoding !== undefined && encoding !== 'identity')
    throw new ServiceError(
      'unsupportedMediaType',
      'An object is kept as it is sent: leave Content-Encoding out, and give the key .gz at its end.',
    )
  if (range !== undefined) throw new ServiceError('invalidRequest', 'Content-Range: an object is sent whole, in one request.')
}
