import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { callService } from './call-service.ts'
import { type Service, startService, stopService } from './start-service.ts'

let service: Service
beforeAll(async () => {
  service = await startService()
})
afterAll(() => stopService(service))

const call: ReturnType<typeof callService> = (...words) => callService(service)(...words)

async function makeUser(name: string, email?: string): Promise<string> {
  const made = await call('POST', '/v1/users', { name, ...(email && { email }) })
  expect(made.status).toBe(201)
  expect(made.headers.get('location')).toBe(`/v1/users/${made.body.id}`)
  return made.body.id
}

async function makeKey(body: object): Promise<{ id: string; key: string }> {
  const made = await call('POST', '/v1/keys', { name: 'of a test', scopes: ['read'], ...body })
  expect(made.status).toBe(201)
  return made.body
}

const statusWith = async (key: string) => (await call('GET', '/v1/me', undefined, key)).status

describe('a user', () => {
  it('has a name, an e-mail address that nobody else has, and keys', async () => {
    const id = await makeUser('Ada', 'ada@example.org')
    const { id: key } = await makeKey({ user: id })
    await makeKey({})
    const found = await call('GET', `/v1/users/${id}`)
    expect(found.body).toMatchObject({ id, name: 'Ada', email: 'ada@example.org', disabled: false, disabledAt: null, keys: 1 })
    expect((await call('GET', `/v1/keys?user=${id}`)).body).toMatchObject({ keys: [{ id: key, user: id }], next: null })

    const twice = await call('POST', '/v1/users', { name: 'Other', email: 'ADA@example.org' })
    expect(twice).toMatchObject({ status: 409, body: { code: 'conflict', detail: 'Another user has the e-mail address ADA@example.org.' } })
    const changed = await call('PATCH', `/v1/users/${id}`, { name: 'Ada L.', email: null })
    expect(changed.body).toMatchObject({ name: 'Ada L.', email: null })
    await makeUser('Other', 'ada@example.org')
  })

  it('that is disabled has no valid key until it is enabled again', async () => {
    const id = await makeUser('Grace')
    const [one, other] = [await makeKey({ user: id }), await makeKey({ user: id })]
    expect([await statusWith(one.key), await statusWith(other.key)]).toEqual([200, 200])
    const { body } = await call('PATCH', `/v1/users/${id}`, { disabled: true })
    expect(body).toMatchObject({ disabled: true, disabledAt: expect.stringMatching(/Z$/) })
    expect([await statusWith(one.key), await statusWith(other.key)]).toEqual([401, 401])
    const refused = await call('GET', '/v1/me', undefined, one.key)
    expect(refused.body.detail).toBe(`The user of the key ${one.id} was disabled at ${body.disabledAt}.`)
    await call('PATCH', `/v1/users/${id}`, { disabled: false })
    expect(await statusWith(one.key)).toBe(200)
  })

  it('goes only if it never had a key', async () => {
    const [empty, owner] = [await makeUser('A'), await makeUser('B')]
    const { id } = await makeKey({ user: owner })
    await call('DELETE', `/v1/keys/${id}`)
    expect((await call('DELETE', `/v1/users/${empty}`)).status).toBe(204)
    expect((await call('DELETE', `/v1/users/${empty}`)).status).toBe(404)
    expect(await call('DELETE', `/v1/users/${owner}`)).toMatchObject({ status: 409, body: { code: 'conflict' } })
    expect(await call('POST', '/v1/keys', { name: 'x', scopes: ['read'], user: empty })).toMatchObject({
      status: 400,
      body: { code: 'invalidRequest', detail: `user is ${empty}, and there is no such user: POST /v1/users makes one.` },
    })
  })

  it('who has the last administrator’s key cannot be disabled', async () => {
    const id = await makeUser('Root')
    const key = service.key.split('_')[1]
    expect((await call('PATCH', `/v1/keys/${key}`, { user: id })).body.user).toBe(id)
    expect(await call('PATCH', `/v1/users/${id}`, { disabled: true })).toMatchObject({ status: 409, body: { code: 'conflict' } })
    expect(await statusWith(service.key)).toBe(200)
    await call('PATCH', `/v1/users/${id}`, { disabled: false })
    expect((await call('PATCH', `/v1/keys/${key}`, { user: null })).body.user).toBe(null)
  })

  it('is nothing that a key without admin sees', async () => {
    const { key } = await makeKey({ scopes: ['read', 'write', 'ddl'] })
    for (const path of ['/v1/users', '/v1/settings', '/v1/audit', '/v1/settings/lineage.reads/history'])
      expect((await call('GET', path, undefined, key)).body.code).toBe('forbidden')
  })
})

describe('lists in pages', () => {
  it('give every user once, by name, while others come and go', async () => {
    const names = ['page é', 'page a', 'page a', 'page ,"', 'page z']
    for (const name of names) await makeUser(name)
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const page = await call('GET', `/v1/users?limit=2${cursor ? `&cursor=${cursor}` : ''}`)
      expect(page.body.users.length).toBeLessThanOrEqual(2)
      seen.push(...page.body.users.map(({ name }: { name: string }) => name))
      // The place of a user that is gone is still a place.
      if (seen.at(-1) === 'page a') await call('DELETE', `/v1/users/${page.body.users.at(-1).id}`)
      cursor = page.body.next
    } while (cursor)
    const pages = seen.filter(name => name.startsWith('page'))
    expect(pages.toSorted()).toEqual(names.toSorted())
  })

  it('go on from an older cursor of keys, which was an id', async () => {
    for (let made = 0; made < 3; made += 1) await makeKey({})
    const all: string[] = (await call('GET', '/v1/keys')).body.keys.map(({ id }: { id: string }) => id)
    const first = await call('GET', '/v1/keys?limit=1')
    for (const query of [`after=${all[0]}`, `cursor=${first.body.next}`, `after=${first.body.next}`])
      expect((await call('GET', `/v1/keys?limit=1&${query}`)).body.keys[0].id).toBe(all[1])
  })

  it('refuse a cursor of another list, or of nobody', async () => {
    const { body } = await call('GET', '/v1/users?limit=1')
    const forged = Buffer.from('["users","a","1; DROP"]').toString('base64url')
    for (const path of [`/v1/keys?cursor=${body.next}`, `/v1/users?cursor=${forged}`, '/v1/users?cursor=x'])
      expect(await call('GET', path)).toMatchObject({ status: 400, body: { detail: expect.stringContaining('cursor is none') } })
  })
})

describe('a setting', () => {
  it('has its default, then what an administrator gave it, and the list of who did', async () => {
    const path = '/v1/settings/maintenance.expireAfterHours'
    expect((await call('GET', path)).body).toMatchObject({ value: 168, default: 168, min: 24, changedAt: null, changedBy: null })
    const changed = await call('PUT', path, { value: 720 })
    const id = service.key.split('_')[1]
    expect(changed.body).toMatchObject({ value: 720, default: 168, changedBy: id, changedAt: expect.stringMatching(/Z$/) })
    await call('PUT', path, { value: 720 })
    await call('PUT', path, { value: 24 })
    expect((await call('DELETE', path)).body).toMatchObject({ value: 168, changedBy: null })

    const first = await call('GET', `${path}/history?limit=2`)
    expect(first.body.changes).toMatchObject([
      { name: 'maintenance.expireAfterHours', old: 24, new: null, changedBy: id },
      { old: 720, new: 24 },
    ])
    const rest = await call('GET', `${path}/history?cursor=${first.body.next}`)
    expect(rest.body).toMatchObject({ changes: [{ old: null, new: 720 }], next: null })
    expect((await call('GET', '/v1/settings/lineage.reads/history')).body.changes).toEqual([])
    await call('PUT', '/v1/settings/queue.maxTries', { value: 7 })
    expect((await call('GET', '/v1/audit?limit=2')).body).toMatchObject({
      changes: [{ name: 'queue.maxTries', old: null, new: 7 }, first.body.changes[0]],
      next: expect.any(String),
    })
    expect((await call('GET', '/v1/settings')).body.settings).toContainEqual(
      expect.objectContaining({ name: 'lineage.reads', value: false }),
    )
  })

  it.each([
    ['maintenance.expireAfterHours', 23, 'maintenance.expireAfterHours is 23: use a whole number from 24 to 876000.'],
    ['maintenance.expireAfterHours', 24.5, 'maintenance.expireAfterHours is 24.5: use a whole number from 24 to 876000.'],
    ['maintenance.expireAfterHours', '48', 'maintenance.expireAfterHours is "48": use a whole number from 24 to 876000.'],
    ['lineage.reads', 1, 'lineage.reads is 1: use true or false.'],
    ['lineage.reads', null, 'lineage.reads is null: use true or false.'],
  ])('%s refuses %j', async (name, value, detail) => {
    expect(await call('PUT', `/v1/settings/${name}`, { value })).toMatchObject({ status: 400, body: { code: 'invalidRequest', detail } })
    expect((await call('GET', `/v1/settings/${name}`)).body.changedAt).toBe(null)
  })

  it('that there is not is not found', async () => {
    expect((await call('PUT', '/v1/settings/constructor', { value: true })).status).toBe(404)
  })
})
