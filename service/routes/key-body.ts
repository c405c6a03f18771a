import { type Static, Type } from 'typebox'
import { scopes } from '../access/scopes.ts'
import { ServiceError } from '../errors.ts'
import type { KeySettings, StoredKey } from '../store/keys.ts'
import { name, uuid } from './schemas.ts'

const moment = Type.Union([Type.String({ format: 'date-time' }), Type.Null()])
const limit = (description: string) => Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000_000, description }))
const settings = {
  name: Type.String({ minLength: 1, maxLength: 200, pattern: '^[^\\u0000]*$', description: 'For people: who or what uses it.' }),
  scopes: Type.Array(Type.Enum([...scopes]), { minItems: 1, uniqueItems: true, description: 'admin holds the other three too.' }),
  grants: Type.Union(
    [Type.Array(Type.Object({ schema: name, table: Type.Optional(name) }, { additionalProperties: false })), Type.Null()],
    {
      description: 'Tables that it may read, or whole schemas; null: every table.',
    },
  ),
  limits: Type.Object(
    {
      maxRows: limit('Rows of a JSON answer.'),
      timeoutMs: limit('Time of a statement.'),
      statements: limit('Statements that may run or wait.'),
      requestsPerMinute: limit('Requests, counted by each process of the service for itself.'),
    },
    { additionalProperties: false, description: 'The first two may only tighten the limits of the service.' },
  ),
  expiresAt: Type.Union(moment.anyOf, { description: 'null: never. One that has passed ends the key at once.' }),
  user: Type.Union([uuid, Type.Null()], { description: 'Whose it is, the id of a user; null: nobody’s.' }),
}
/** What makes a key. */
export const newKey = Type.Object(
  {
    name: settings.name,
    scopes: settings.scopes,
    grants: Type.Optional(settings.grants),
    limits: Type.Optional(settings.limits),
    expiresAt: Type.Optional(Type.Union(moment.anyOf, { description: 'null: never. It must lie ahead.' })),
    user: Type.Optional(settings.user),
  },
  { additionalProperties: false, title: 'NewKey' },
)
/** What changes one. */
export const keyChange = Type.Partial(Type.Object(settings), { additionalProperties: false, minProperties: 1, title: 'KeyChange' })
/** What is told of one. */
export const keyEntry = {
  id: Type.String(),
  ...settings,
  createdAt: Type.String(),
  createdBy: Type.String(),
  revokedAt: moment,
  lastUsedAt: Type.Union(moment.anyOf, { description: 'To the minute.' }),
}
export const key = Type.Object(keyEntry, { title: 'Key' })
export const keyPath = Type.Object({ id: Type.String({ pattern: '^[0-9a-f]{12}$' }) })

const unlimited: KeySettings = { name: '', scopes: [], grants: null, limits: {}, expiresAt: null, user: null }

/** @throws ServiceError if they contradict each other */
export function settingsOf({ expiresAt, ...rest }: Static<typeof keyChange>, known = unlimited): KeySettings {
  const next = { ...known, ...rest, ...(expiresAt !== undefined && { expiresAt: expiresAt === null ? null : momentOf(expiresAt) }) }
  if (next.grants && next.scopes.includes('admin'))
    throw new ServiceError('invalidRequest', 'A key with the scope admin may read every table: leave out grants, or admin.')
  return next
}

/** @throws ServiceError if nobody could ever use such a key */
export function assertLasting({ expiresAt }: Pick<KeySettings, 'expiresAt'>): void {
  if (expiresAt && expiresAt.getTime() <= Date.now())
    throw new ServiceError(
      'invalidRequest',
      `expiresAt is ${expiresAt.toISOString()}, which has passed: the key would never be taken. Set a time ahead, or leave it out.`,
    )
}

/** JSON's schema takes leap seconds, which Date does not know. */
function momentOf(text: string): Date {
  const moment = new Date(text)
  if (!Number.isNaN(moment.getTime())) return moment
  throw new ServiceError('invalidRequest', `expiresAt is ${text}, which is no time: take the second before.`)
}

export function shown({ hash: _, userDisabledAt: __, ...stored }: StoredKey): Static<typeof key> {
  return {
    ...stored,
    scopes: [...stored.scopes],
    grants: stored.grants?.map(grant => ({ ...grant })) ?? null,
    createdAt: stored.createdAt.toISOString(),
    expiresAt: stored.expiresAt?.toISOString() ?? null,
    revokedAt: stored.revokedAt?.toISOString() ?? null,
    lastUsedAt: stored.lastUsedAt?.toISOString() ?? null,
  }
}
