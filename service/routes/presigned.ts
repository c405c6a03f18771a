import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { assertMayUseObjects } from '../access/assert-objects.ts'
import type { ObjectLimits } from '../config.ts'
import { ServiceError } from '../errors.ts'
import { checkKey } from '../objects/object-key.ts'
import { problems } from './schemas.ts'

/** What S3 takes in one request. */
const maxPutBytes = 5 * 1_073_741_824

const presignBody = Type.Object(
  {
    key: Type.String({ minLength: 1, maxLength: 1_024 }),
    method: Type.Enum(['GET', 'PUT'], { description: 'What the address is for; scope read, or write.' }),
    bytes: Type.Optional(
      Type.Integer({ minimum: 0, maximum: maxPutBytes, description: 'With PUT: how many the object will have, exactly.' }),
    ),
    expiresInSeconds: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 604_800, description: 'Up to PRESIGN_MAX_S; 900 if it is missing.' }),
    ),
  },
  { additionalProperties: false, title: 'PresignRequest' },
)
const presigned = Type.Object(
  {
    url: Type.String({ description: 'Whoever has it needs no key.' }),
    method: Type.String(),
    headers: Type.Record(Type.String(), Type.String(), { description: 'To be sent with it as they are.' }),
    expiresAt: Type.String(),
  },
  { title: 'PresignedAddress' },
)

/** `POST /v1/presigned`: an address of the object store itself, for bytes that need not pass this service. */
export const presignedRoutes: FastifyPluginAsyncTypebox<{ readonly limits: ObjectLimits }> = async (app, { limits }) => {
  const maxBytes = Math.min(limits.maxMb * 1_048_576, maxPutBytes)

  app.post(
    '/v1/presigned',
    {
      config: { scope: 'any' },
      schema: {
        tags: ['objects'],
        summary: 'An address for one object that needs no key',
        description: 'Only where objects lie in a bucket.',
        body: presignBody,
        response: { 200: presigned, ...problems },
      },
    },
    async ({ caller, body: { method, bytes, expiresInSeconds = Math.min(900, limits.presignMaxS), ...body } }) => {
      assertMayUseObjects(caller, method === 'PUT' ? 'write' : 'read')
      const key = checkKey(body.key)
      if (expiresInSeconds > limits.presignMaxS)
        throw new ServiceError('invalidRequest', `expiresInSeconds is ${expiresInSeconds}, up to ${limits.presignMaxS} is allowed here.`)
      if ((method === 'PUT') !== (bytes !== undefined)) throw new ServiceError('invalidRequest', 'bytes goes with PUT, and only with it.')
      if (bytes !== undefined && bytes > maxBytes)
        throw new ServiceError('bodyTooLarge', `bytes is ${bytes}, up to ${maxBytes} go in one request here: use PUT /v1/objects.`)
      const expiresAt = new Date(Date.now() + expiresInSeconds * 1_000).toISOString()
      const use = bytes === undefined ? ({ method: 'GET' } as const) : ({ method: 'PUT', bytes } as const)
      const url = await app.objects.presign({ key, use, expiresInSeconds })
      const headers: Record<string, string> = bytes === undefined ? {} : { 'content-length': `${bytes}` }
      return { url, method, headers, expiresAt }
    },
  )
}
