import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose'
import { ServiceError } from '../errors.ts'
import type { Caller } from './caller.ts'
import type { Grant } from './grants.ts'
import { isScope } from './scopes.ts'

/** An OpenID Connect provider whose access tokens are taken beside keys. */
export interface TokenIssuer {
  /** As the tokens' `iss` has it. */
  readonly issuer: string
  /** What `aud` must have. */
  readonly audience: string
  /** Where its public keys are; otherwise its discovery document says so. */
  readonly jwksUrl?: string
  /** The claim with the scopes: a text with spaces between them, or a list. */
  readonly scopeClaim: string
  /** What stands before ours there: `ducklake:read`. */
  readonly scopePrefix: string
  /** The claim with the tables, a list of `schema.table` and `schema.*`; a token without it may read every table. */
  readonly grantsClaim: string
}

/** Signatures with a public key only: with a shared secret whoever can check a token could also make one. */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA']

/** How far the clocks of the issuer and of this machine may lie apart. */
const clockToleranceSeconds = 30

/** How long the issuer may take to answer. */
const issuerTimeoutMs = 5_000

/** Checks tokens by the public keys of their issuer, which are fetched when the first token comes and again when they change. */
export class TokenVerifier {
  private keys: Promise<JWTVerifyGetKey> | undefined

  constructor(private readonly from: TokenIssuer) {}

  /** @throws ServiceError unauthenticated, or identityUnavailable while the issuer does not answer */
  async callerOf(token: string): Promise<Caller> {
    const { issuer, audience } = this.from
    let claims: JWTPayload
    try {
      const options = { issuer, audience, algorithms, clockTolerance: clockToleranceSeconds, requiredClaims: ['exp', 'sub'] }
      claims = (await jwtVerify(token, await this.issuerKeys(), options)).payload
    } catch (error) {
      throw tokenError(error)
    }
    const grants = this.grantsOf(claims)
    return { id: `oidc:${claims.sub}`, scopes: this.scopesOf(claims), ...(grants && { grants }), limits: {} }
  }

  private issuerKeys(): Promise<JWTVerifyGetKey> {
    this.keys ??= this.findKeys().catch((error: unknown) => {
      this.keys = undefined
      throw error
    })
    return this.keys
  }

  private async findKeys(): Promise<JWTVerifyGetKey> {
    const url = this.from.jwksUrl ?? (await this.discoverJwksUrl())
    return createRemoteJWKSet(new URL(url), { timeoutDuration: issuerTimeoutMs })
  }

  /** @see https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig */
  private async discoverJwksUrl(): Promise<string> {
    const url = `${this.from.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
    const response = await fetch(url, { signal: AbortSignal.timeout(issuerTimeoutMs), redirect: 'error' })
    const document: unknown = response.ok ? await response.json() : undefined
    if (typeof document === 'object' && document !== null && 'jwks_uri' in document && typeof document.jwks_uri === 'string')
      return document.jwks_uri
    throw new Error(`${url} has no jwks_uri`)
  }

  private scopesOf(claims: JWTPayload): Caller['scopes'] {
    const { scopeClaim, scopePrefix } = this.from
    return textsOf(claims[scopeClaim])
      .filter(text => text.startsWith(scopePrefix))
      .map(text => text.slice(scopePrefix.length))
      .filter(isScope)
  }

  private grantsOf(claims: JWTPayload): Grant[] | undefined {
    const { grantsClaim } = this.from
    const claim = claims[grantsClaim]
    if (claim === undefined) return undefined
    return textsOf(claim).map(text => {
      const [, schema, table] = /^([^.]+)\.(.+)$/.exec(text) ?? []
      if (schema === undefined || table === undefined)
        throw new ServiceError('unauthenticated', `The token's claim ${grantsClaim} has "${text}": use schema.table or schema.*.`)
      return table === '*' ? { schema } : { schema, table }
    })
  }
}

function textsOf(claim: unknown): string[] {
  if (typeof claim === 'string') return claim.split(' ').filter(Boolean)
  return Array.isArray(claim) ? claim.filter(text => typeof text === 'string') : []
}

/** Errors of jose that are the token's fault say so; all others mean that the issuer's keys are not to be had. */
function tokenError(error: unknown): ServiceError {
  if (error instanceof errors.JWTExpired) return new ServiceError('unauthenticated', 'The token has expired: sign in again.')
  if (error instanceof errors.JWTClaimValidationFailed)
    return new ServiceError('unauthenticated', `The token is not for this service: its claim ${error.claim} does not fit.`)
  if (error instanceof errors.JWKSTimeout || !(error instanceof errors.JOSEError) || error.code === 'ERR_JOSE_GENERIC')
    return new ServiceError('identityUnavailable', 'The issuer of the tokens does not answer: try again in a second, or use a key.')
  return new ServiceError('unauthenticated', 'The token’s signature is not one of the issuer’s.')
}
