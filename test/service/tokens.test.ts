import { createHmac } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import { exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from './servers/free-port.ts'
import { type Service, startService, stopService } from './start-service.ts'

const audience = 'ducklake'
let issuer: string
let server: Server
let service: Service
let keys: Awaited<ReturnType<typeof generateKeyPair>>
let strangers: Awaited<ReturnType<typeof generateKeyPair>>

beforeAll(async () => {
  keys = await generateKeyPair('ES256', { extractable: true })
  strangers = await generateKeyPair('ES256', { extractable: true })
  const port = await freePort()
  issuer = `http://127.0.0.1:${port}/realm`
  service = await startService({ OIDC_ISSUER: issuer, OIDC_AUDIENCE: audience })
})
afterAll(async () => {
  server?.close()
  await stopService(service)
})

/** A provider as OpenID Connect describes it, as far as a service that only checks tokens sees one. */
async function startIssuer(): Promise<void> {
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'first', alg: 'ES256', use: 'sig' }
  server = createServer((request, response) => {
    const document = request.url?.endsWith('/.well-known/openid-configuration') ? { issuer, jwks_uri: `${issuer}/keys` } : { keys: [jwk] }
    response.setHeader('content-type', 'application/json').end(JSON.stringify(document))
  })
  await new Promise<void>(resolve => server.listen(Number(new URL(issuer).port), '127.0.0.1', resolve))
}

const seconds = () => Math.floor(Date.now() / 1_000)
const claims = (): JWTPayload => ({ iss: issuer, aud: audience, sub: 'ada', exp: seconds() + 60, scope: 'openid ducklake:read' })
const sign = (payload: JWTPayload, { key = keys.privateKey, kid = 'first' } = {}) =>
  new SignJWT(payload).setProtectedHeader({ alg: 'ES256', kid }).sign(key)
const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

async function ask(token: string, path = '/v1/me') {
  const response = await fetch(service.url + path, { headers: { authorization: `Bearer ${token}` } })
  const body: { code?: string; detail?: string; tables?: { name: string }[] } = JSON.parse(await response.text())
  return { status: response.status, headers: response.headers, body }
}

describe('a token', () => {
  it('cannot be checked while its issuer is away, and can be when it is back', async () => {
    const token = await sign(claims())
    const away = await ask(token)
    expect([away.status, away.body.code, away.headers.get('retry-after')]).toEqual([503, 'identityUnavailable', '1'])
    expect((await service.query('SELECT 42')).status).toBe(200)
    await startIssuer()
    expect(await ask(token)).toMatchObject({ status: 200, body: { id: 'oidc:ada', scopes: ['read'], grants: null, limits: {} } })
  })

  it('may say its scopes as a list and its tables', async () => {
    const token = await sign({
      ...claims(),
      scope: ['ducklake:read', 'ducklake:ddl', 'ducklake:root', 'admin'],
      ducklake_grants: ['main.rides', 'open.*'],
    })
    expect((await ask(token)).body).toMatchObject({
      scopes: ['read', 'ddl'],
      grants: [{ schema: 'main', table: 'rides' }, { schema: 'open' }],
    })
    const none = await sign({ ...claims(), ducklake_grants: [] })
    expect((await ask(none, '/v1/tables')).body.tables).toEqual([])
    expect(await ask(await sign({ ...claims(), ducklake_grants: ['rides'] }))).toMatchObject({ status: 401 })
  })

  it('without a scope may do nothing', async () => {
    expect(await ask(await sign({ ...claims(), scope: 'openid' }), '/v1/tables')).toMatchObject({
      status: 403,
      body: { code: 'forbidden' },
    })
  })

  it('is taken if the clocks differ by less than 30 s', async () => {
    expect((await ask(await sign({ ...claims(), exp: seconds() - 20 }))).status).toBe(200)
    expect((await ask(await sign({ ...claims(), exp: seconds() - 40 }))).body.detail).toBe('The token has expired: sign in again.')
  })

  it('of somebody else, for somebody else, or changed is refused', async () => {
    const [head, , signature] = (await sign(claims())).split('.')
    const spki = await exportSPKI(keys.publicKey)
    const symmetric = `${base64({ alg: 'HS256', kid: 'first' })}.${base64(claims())}`
    const { exp: _, ...endless } = claims()
    const { sub: __, ...nobodys } = claims()
    const refused = {
      'another audience': await sign({ ...claims(), aud: 'mail' }),
      'another issuer': await sign({ ...claims(), iss: 'http://127.0.0.1:9/realm' }),
      'not valid yet': await sign({ ...claims(), nbf: seconds() + 60 }),
      'without an end': await sign(endless),
      'without a subject': await sign(nobodys),
      'a stranger’s signature': await sign(claims(), { key: strangers.privateKey }),
      'an unknown key': await sign(claims(), { key: strangers.privateKey, kid: 'second' }),
      'other claims under the signature': `${head}.${base64({ ...claims(), scope: 'ducklake:admin' })}.${signature}`,
      'no signature': `${base64({ alg: 'none' })}.${base64(claims())}.`,
      'the public key as a shared secret': `${symmetric}.${createHmac('sha256', spki).update(symmetric).digest('base64url')}`,
      nonsense: 'a.b.c',
    }
    for (const [name, token] of Object.entries(refused)) {
      const { status, body } = await ask(token)
      expect([name, status, body.code]).toEqual([name, 401, 'unauthenticated'])
    }
  })
})
