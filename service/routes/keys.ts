import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { hashKey, idOfKey, makeKey } from '../access/api-key.ts'
import { ServiceError } from '../errors.ts'
import { changeKey, findKey, insertKey, listKeys, revokeKey } from '../store/keys.ts'
import { assertLasting, key, keyChange, keyEntry, keyPath, newKey, settingsOf, shown } from './key-body.ts'
import { next, Pages, pageQuery } from './pages.ts'
import { problems, uuid } from './schemas.ts'

const tags = ['access']

const keyId = /^[\da-f]{12}$/
const pages = new Pages('keys', [keyId])

/** `/v1/keys`: who may ask. The secret of a key is in the answer to its making and nowhere else. */
export const keyRoutes: FastifyPluginAsyncTypebox = async app => {
  const config = { scope: 'admin' } as const

  app.post(
    '/v1/keys',
    {
      config,
      schema: {
        tags,
        summary: 'Make a key',
        description: 'The answer holds the key itself, this once.',
        body: newKey,
        response: { 201: Type.Object({ key: Type.String(), ...keyEntry }, { title: 'MadeKey' }), ...problems },
      },
    },
    async (request, reply) => {
      const made = makeKey()
      const id = idOfKey(made) ?? ''
      const settings = settingsOf(request.body)
      assertLasting(settings)
      const stored = { id, hash: hashKey(made), createdBy: request.caller.id, ...settings }
      const inserted = await insertKey(app.store.ask, stored)
      return reply
        .code(201)
        .header('location', `/v1/keys/${id}`)
        .header('cache-control', 'no-store')
        .send({ key: made, ...shown(inserted) })
    },
  )

  app.get(
    '/v1/keys',
    {
      config,
      schema: {
        tags,
        summary: 'Keys, oldest first, with those that were revoked',
        querystring: Type.Object(
          {
            ...pageQuery,
            user: Type.Optional(uuid),
            after: Type.Optional(Type.String({ pattern: '^[\\w-]+$', description: 'An older name of `cursor`; also the id of a key.' })),
          },
          { additionalProperties: false },
        ),
        response: { 200: Type.Object({ keys: Type.Array(key), next }), ...problems },
      },
    },
    async request => {
      const { user, after: older, cursor = older, limit: size } = request.query
      const { limit, after } =
        cursor && keyId.test(cursor) ? { ...pages.wanted({ limit: size }), after: [cursor] } : pages.wanted({ limit: size, cursor })
      const found = await listKeys(app.store.ask, { user, after: after?.[0], limit })
      const { entries, next: following } = pages.page(found, limit, ({ id }) => [id])
      return { keys: entries.map(shown), next: following }
    },
  )

  app.get(
    '/v1/keys/:id',
    { config, schema: { tags, summary: 'One key', params: keyPath, response: { 200: key, ...problems } } },
    async request => {
      const found = await findKey(app.store.ask, request.params.id)
      if (!found) throw new ServiceError('notFound', `There is no key ${request.params.id}.`)
      return shown(found)
    },
  )

  app.patch(
    '/v1/keys/:id',
    {
      config,
      schema: {
        tags,
        summary: 'Change a key, or let it expire',
        description: 'It holds at once in the process that answers, in others of the same service within 5 seconds.',
        params: keyPath,
        body: keyChange,
        response: { 200: key, ...problems },
      },
    },
    async request => {
      const { id } = request.params
      const changed = await changeKey(app.store, id, known => settingsOf(request.body, known))
      app.keyRing.forget(id)
      return shown(changed)
    },
  )

  app.delete(
    '/v1/keys/:id',
    {
      config,
      schema: {
        tags,
        summary: 'Revoke a key',
        description: 'For ever. Other processes of the same service refuse it within 5 seconds.',
        params: keyPath,
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      await revokeKey(app.store, request.params.id)
      app.keyRing.forget(request.params.id)
      return reply.code(204).send(null)
    },
  )

  app.get(
    '/v1/me',
    {
      config: { scope: 'any' },
      schema: {
        tags,
        summary: 'What the key or token that asks may do',
        response: { 200: Type.Object({ id: Type.String(), ...Type.Pick(key, ['scopes', 'grants', 'limits']).properties }), ...problems },
      },
    },
    async ({ caller: { id, scopes: held, grants, limits } }) => ({
      id,
      scopes: [...held],
      grants: grants?.map(grant => ({ ...grant })) ?? null,
      limits,
    }),
  )
}
