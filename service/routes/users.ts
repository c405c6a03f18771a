import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type Static, Type } from 'typebox'
import { changeUser, deleteUser, findUser, insertUser, listUsers, noUser, type StoredUser } from '../store/users.ts'
import { anyText, next, Pages, pageQuery, uuid as uuidForm } from './pages.ts'
import { problems, uuid } from './schemas.ts'

const moment = Type.Union([Type.String({ format: 'date-time' }), Type.Null()])
const settings = {
  name: Type.String({ minLength: 1, maxLength: 200, pattern: '^[^\\u0000]*$' }),
  email: Type.Union([Type.String({ maxLength: 254, pattern: '^[^\\s@\\u0000]+@[^\\s@\\u0000]+$' }), Type.Null()], {
    description: 'No two users have the same.',
  }),
}
const newUser = Type.Object(
  { name: settings.name, email: Type.Optional(settings.email) },
  { additionalProperties: false, title: 'NewUser' },
)
const userChange = Type.Partial(
  Type.Object({ ...settings, disabled: Type.Boolean({ description: 'With true none of its keys is taken until it is false again.' }) }),
  { additionalProperties: false, minProperties: 1, title: 'UserChange' },
)
const user = Type.Object(
  {
    id: Type.String(),
    ...settings,
    disabled: Type.Boolean(),
    disabledAt: moment,
    createdAt: Type.String(),
    createdBy: Type.String({ description: 'The id of a key.' }),
    updatedAt: Type.String(),
    keys: Type.Integer({ description: 'Its keys that are not revoked.' }),
  },
  { title: 'User' },
)
const userPath = Type.Object({ id: uuid })
const pages = new Pages('users', [anyText, uuidForm])
const tags = ['access']
const config = { scope: 'admin' } as const

/** `/v1/users`: people and programs that keys belong to. */
export const userRoutes: FastifyPluginAsyncTypebox = async app => {
  app.post(
    '/v1/users',
    { config, schema: { tags, summary: 'Make a user', body: newUser, response: { 201: user, ...problems } } },
    async ({ body: { name, email = null }, caller }, reply) => {
      const made = await insertUser(app.store.ask, { name, email }, caller.id)
      return reply.code(201).header('location', `/v1/users/${made.id}`).send(shown(made))
    },
  )

  app.get(
    '/v1/users',
    {
      config,
      schema: {
        tags,
        summary: 'Users by name, with those that are disabled',
        querystring: Type.Object(pageQuery, { additionalProperties: false }),
        response: { 200: Type.Object({ users: Type.Array(user), next }), ...problems },
      },
    },
    async request => {
      const { limit, after } = pages.wanted(request.query)
      const { entries, next: following } = pages.page(await listUsers(app.store.ask, limit, after), limit, ({ name, id }) => [name, id])
      return { users: entries.map(shown), next: following }
    },
  )

  app.get(
    '/v1/users/:id',
    { config, schema: { tags, summary: 'One user', params: userPath, response: { 200: user, ...problems } } },
    async ({ params: { id } }) => {
      const found = await findUser(app.store.ask, id)
      if (!found) throw noUser(id)
      return shown(found)
    },
  )

  app.patch(
    '/v1/users/:id',
    {
      config,
      schema: {
        tags,
        summary: 'Change a user, or disable it with all its keys',
        description: 'It holds at once in the process that answers, in others of the same service within 5 seconds.',
        params: userPath,
        body: userChange,
        response: { 200: user, ...problems },
      },
    },
    async ({ params: { id }, body }) => {
      const changed = await changeUser(app.store, id, body)
      app.keyRing.forgetUser(changed.id)
      return shown(changed)
    },
  )

  app.delete(
    '/v1/users/:id',
    {
      config,
      schema: {
        tags,
        summary: 'Remove a user that never had a key',
        description: 'Others are only disabled: the log names keys, and they name their user.',
        params: userPath,
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      await deleteUser(app.store.ask, request.params.id)
      return reply.code(204).send(null)
    },
  )
}

function shown({ disabledAt, createdAt, updatedAt, ...stored }: StoredUser): Static<typeof user> {
  return {
    ...stored,
    disabled: disabledAt !== null,
    disabledAt: disabledAt?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  }
}
