import { readFileSync } from 'node:fs'
import { request as requestPlain } from 'node:http'
import { request as requestEncrypted } from 'node:https'
import type { StorageAddress } from '../catalog/lake-connection.ts'
import { readinessTimeoutMs } from '../settings.ts'
import { type Finding, fault, messageOf, ok } from './finding.ts'
import { networkFault } from './network-fault.ts'

/** What the object store says before anybody has shown a key. */
export interface Reached {
  readonly finding: Finding
  /** By its own clock, when it answered; undefined if it did not, or does not say. */
  readonly at?: Date
}

/** A request without a signature: whether anybody is there, speaks HTTP or TLS as the settings say, and has a certificate that is trusted. */
export async function reachStorage({ endpoint, tls, caFile }: StorageAddress): Promise<Reached> {
  const url = `${tls ? 'https' : 'http'}://${endpoint}/`
  try {
    const ca = caFile === undefined ? {} : { ca: readFileSync(caFile) }
    const date = await dateOf(url, ca)
    return { finding: ok('storage', `It answers${tls ? ', encrypted' : ''}.`, url), ...(date && { at: new Date(date) }) }
  } catch (error) {
    if (caFile !== undefined && messageOf(error).includes(caFile))
      return { finding: fault('storage', `The authority's certificate cannot be read: ${messageOf(error)}.`, caFile, 'Mend S3_CA_FILE.') }
    const settings = { address: 'S3_ENDPOINT', tls: 'S3_TLS, or https:// and http:// in S3_ENDPOINT', ca: 'S3_CA_FILE' }
    const [what, todo] = networkFault(error, 'the object store', settings)
    return { finding: fault('storage', what, url, todo) }
  }
}

/** Not by fetch: it takes no authority of our own. */
function dateOf(url: string, options: { readonly ca?: Buffer }): Promise<string | undefined> {
  const signal = AbortSignal.timeout(readinessTimeoutMs)
  return new Promise((resolve, reject) => {
    const begin = url.startsWith('https:') ? requestEncrypted : requestPlain
    begin(url, { method: 'HEAD', signal, ...options }, response => {
      response.resume()
      resolve(response.headers.date)
    })
      .once('error', reject)
      .end()
  })
}
