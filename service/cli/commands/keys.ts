import { openSync, rmSync, writeFileSync } from 'node:fs'
import { InvalidArgumentError, Option } from '@commander-js/extra-typings'
import type { components } from '../../client/api-types.ts'
import { answerOf } from '../../client/lake-client.ts'
import { collect } from '../collect-option.ts'
import { UsageError } from '../exit-codes.ts'
import type { Program } from '../new-program.ts'
import { recordsText } from '../print/table-text.ts'
import type { Sessions } from '../session.ts'
import { tableName } from '../table-name.ts'

type Grants = NonNullable<components['schemas']['NewKey']['grants']>

const scopes = ['read', 'write', 'ddl', 'admin'] as const
type Scope = (typeof scopes)[number]

/** `lake keys`: who may ask. */
export function addKeys(program: Program, session: Sessions): void {
  const keys = program.command('keys').description('Makes, lists and revokes keys.')

  keys
    .command('list', { isDefault: true })
    .description('Lists keys, with those that were revoked.')
    .action(async () => {
      const { lake, json, print, signal } = await session()
      const answer = await answerOf(lake.api.GET('/v1/keys', { params: { query: { limit: '999' } }, signal }))
      if (json) return print(JSON.stringify(answer))
      const rows = answer.keys.map(({ id, name, scopes: held, grants, expiresAt, revokedAt, lastUsedAt }) => ({
        id,
        name,
        scopes: held.join(' '),
        tables: grants?.map(({ schema, table = '*' }) => `${schema}.${table}`).join(' ') ?? 'all',
        state: revokedAt === null ? (expiresAt === null ? '' : `until ${expiresAt}`) : `revoked ${revokedAt}`,
        used: lastUsedAt ?? 'never',
      }))
      print(recordsText(['id', 'name', 'scopes', 'tables', 'state', 'used'], rows))
    })

  keys
    .command('create')
    .description('Makes a key, and shows it this once.')
    .argument('<name>', 'for people: who or what uses it')
    .addOption(
      new Option('-s, --scope <scope>', 'what it may do, read if it is missing; repeatable').choices(scopes).argParser(collectScope),
    )
    .option('-g, --grant <table>', 'a table that it may read, and no others: table, schema.table, or schema.*; repeatable', collect)
    .option('--expires <when>', 'a time, or for how long: 12h, 30d')
    .option('--output <file>', 'writes the key into a new file of mode 600 and shows only its id')
    .action(async (name, { scope, grant, expires, output }) => {
      const { lake, json, print, note, signal } = await session()
      const body = {
        name,
        scopes: [...new Set(scope ?? ['read' as const])],
        ...(grant && { grants: grant.map(grantOf) }),
        ...(expires !== undefined && { expiresAt: momentOf(expires) }),
      }
      // Before the key is made: it could not be shown a second time.
      const file = output === undefined ? undefined : openSync(output, 'wx', 0o600)
      const made = await answerOf(lake.api.POST('/v1/keys', { body, signal })).catch((error: unknown) => {
        if (output !== undefined) rmSync(output)
        throw error
      })
      if (file !== undefined) writeFileSync(file, `${made.key}\n`)
      const { key, ...rest } = made
      if (json) return print(JSON.stringify(output === undefined ? made : rest))
      print(output === undefined ? key : made.id)
      note(output === undefined ? 'This is the key; it is shown this once.' : `The key ${made.id} is in ${output}.`)
    })

  keys
    .command('revoke')
    .description('Revokes a key, for ever.')
    .argument('<id>', 'of the key: the part between dl_ and the next _', keyId)
    .action(async id => {
      const { lake, json, print, note, signal } = await session()
      await lake.api.DELETE('/v1/keys/{id}', { params: { path: { id } }, signal })
      if (json) return print(JSON.stringify({ id, revoked: true }))
      note(`The key ${id} is revoked; within 5 seconds no process of the service takes it any more.`)
    })

  keys
    .command('me')
    .description('Shows what the key that asks may do.')
    .action(async () => {
      const { lake, json, print, signal } = await session()
      const me = await answerOf(lake.api.GET('/v1/me', { signal }))
      if (json) return print(JSON.stringify(me))
      const tables = me.grants?.map(({ schema, table = '*' }) => `${schema}.${table}`).join(' ') ?? 'all tables'
      print(`${me.id}: ${me.scopes.join(' ')}; ${tables}`)
    })
}

/** @throws InvalidArgumentError that commander shows with the option's name */
function collectScope(text: string, before: Scope[] | undefined): Scope[] {
  const scope = scopes.find(each => each === text)
  if (scope === undefined) throw new InvalidArgumentError(`Use ${scopes.join(', ')}.`)
  return [...(before ?? []), scope]
}

/** @throws InvalidArgumentError that commander shows with the argument's name */
function keyId(text: string): string {
  if (!/^[0-9a-f]{12}$/.test(text))
    throw new InvalidArgumentError('Use the 12 characters between dl_ and the next _: "lake keys" lists them.')
  return text
}

function grantOf(text: string): Grants[number] {
  return text.endsWith('.*') ? { schema: text.slice(0, -2) } : tableName(text)
}

/** @throws UsageError */
function momentOf(text: string): string {
  const [, count, unit] = /^(\d+)([hd])$/.exec(text) ?? []
  const at = count === undefined ? new Date(text) : new Date(Date.now() + Number(count) * (unit === 'h' ? 3_600_000 : 86_400_000))
  if (Number.isNaN(at.getTime())) throw new UsageError(`--expires is "${text}": use 12h, 30d, or a time such as 2030-01-01T00:00:00Z.`)
  if (at.getTime() <= Date.now()) throw new UsageError(`--expires is "${text}", which is over: the key would never be taken.`)
  return at.toISOString()
}
