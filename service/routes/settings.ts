import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type Static, Type } from 'typebox'
import { ServiceError } from '../errors.ts'
import {
  changeableSettings,
  faultOf,
  isSettingName,
  type SettingName,
  type SettingRow,
  settingNames,
} from '../store/changeable-settings.ts'
import { changeSetting, listSettingChanges, readSettings, type StoredSetting } from '../store/settings.ts'
import { next, Pages, pageQuery, rowNumber } from './pages.ts'
import { orNull, problems } from './schemas.ts'

const value = Type.Union([Type.Boolean(), Type.Number()])
const setting = Type.Object(
  {
    name: Type.String(),
    value,
    default: value,
    min: Type.Optional(Type.Number()),
    max: Type.Optional(Type.Number()),
    why: Type.String(),
    changedAt: orNull(Type.String(), 'null: it has its default.'),
    changedBy: orNull(Type.String(), 'The id of a key.'),
  },
  { title: 'Setting' },
)
const change = Type.Object(
  {
    name: Type.String(),
    changedAt: Type.String(),
    changedBy: Type.String({ description: 'The id of a key.' }),
    old: orNull(value, 'null: the default.'),
    new: orNull(value, 'null: the default.'),
  },
  { title: 'SettingChange' },
)
const settingPath = Type.Object({ name: Type.String({ maxLength: 100 }) })
const pages = new Pages('settings', [rowNumber])
const tags = ['settings']
const config = { scope: 'admin' } as const

/** `/v1/settings`: what an administrator changes while the service runs, and who did. */
export const settingRoutes: FastifyPluginAsyncTypebox = async app => {
  app.get(
    '/v1/settings',
    {
      config,
      schema: {
        tags,
        summary: 'What can be changed while the service runs',
        response: { 200: Type.Object({ settings: Type.Array(setting) }), ...problems },
      },
    },
    async () => {
      const stored = await readSettings(app.store.ask)
      return { settings: settingNames.map(name => shown(name, stored)) }
    },
  )

  app.get(
    '/v1/settings/:name',
    { config, schema: { tags, summary: 'One setting', params: settingPath, response: { 200: setting, ...problems } } },
    async ({ params }) => shown(knownName(params.name), await readSettings(app.store.ask)),
  )

  app.put(
    '/v1/settings/:name',
    {
      config,
      schema: {
        tags,
        summary: 'Change a setting',
        description: 'It holds at once in the process that answers, in others of the same service within 5 seconds.',
        params: settingPath,
        body: Type.Object({ value: Type.Unknown() }, { additionalProperties: false, title: 'NewValue' }),
        response: { 200: setting, ...problems },
      },
    },
    async ({ params, body, caller }) => {
      const name = knownName(params.name)
      const fault = faultOf(name, body.value)
      if (fault !== undefined || (typeof body.value !== 'boolean' && typeof body.value !== 'number'))
        throw new ServiceError('invalidRequest', fault ?? `${name} has no value.`)
      return changed(name, body.value, caller.id)
    },
  )

  app.delete(
    '/v1/settings/:name',
    { config, schema: { tags, summary: 'Back to the default', params: settingPath, response: { 200: setting, ...problems } } },
    async ({ params, caller }) => changed(knownName(params.name), undefined, caller.id),
  )

  const historySchema = {
    tags,
    querystring: Type.Object(pageQuery, { additionalProperties: false }),
    response: { 200: Type.Object({ changes: Type.Array(change), next }), ...problems },
  }

  app.get('/v1/audit', { config, schema: { ...historySchema, summary: 'Who changed which setting, newest first' } }, async ({ query }) =>
    historyOf(undefined, query),
  )

  app.get(
    '/v1/settings/:name/history',
    { config, schema: { ...historySchema, summary: 'Who changed it, newest first', params: settingPath } },
    async ({ params, query }) => historyOf(knownName(params.name), query),
  )

  async function historyOf(name: SettingName | undefined, query: { readonly limit?: string; readonly cursor?: string }) {
    const { limit, after } = pages.wanted(query)
    const found = await listSettingChanges(app.store.ask, { name, before: after?.[0], limit })
    const { entries, next: following } = pages.page(found, limit, ({ id }) => [id])
    return { changes: entries.map(({ id: _, changedAt, ...rest }) => ({ ...rest, changedAt: changedAt.toISOString() })), next: following }
  }

  async function changed(name: SettingName, next: boolean | number | undefined, by: string): Promise<Static<typeof setting>> {
    await changeSetting(app.store, name, next, by)
    await app.lakeSettings.refresh()
    return shown(name, await readSettings(app.store.ask))
  }
}

/** @throws ServiceError notFound */
function knownName(name: string): SettingName {
  if (isSettingName(name)) return name
  throw new ServiceError('notFound', `There is no setting ${name}: GET /v1/settings lists those that there are.`)
}

function shown(name: SettingName, stored: readonly StoredSetting[]): Static<typeof setting> {
  const row: SettingRow = changeableSettings[name]
  const known = stored.find(each => each.name === name)
  return {
    name,
    value: known?.value ?? row.default,
    ...row,
    changedAt: known?.changedAt.toISOString() ?? null,
    changedBy: known?.changedBy ?? null,
  }
}
