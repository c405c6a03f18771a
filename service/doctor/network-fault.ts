import { codeOf, messageOf } from './finding.ts'

/** The settings by which a server is reached. */
interface Settings {
  readonly address: string
  readonly tls: string
  readonly ca: string
}

/** Why a server cannot be reached, and what to do; for what happens before it has answered. */
export function networkFault(error: unknown, server: string, { address, tls, ca }: Settings): readonly [what: string, todo: string] {
  const code = codeOf(error)
  const message = messageOf(error)
  if (code === 'ECONNREFUSED') return ['Nobody listens there.', `Start ${server}, or mend ${address}.`]
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return ['Its name is not known here.', `Mend ${address}, or this machine's DNS.`]
  if (/ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ABORT_ERR/.test(code) || /time(d )?out|aborted/i.test(message))
    return ['It does not answer.', `Look for a firewall or network policy between here and ${server}, or mend ${address}.`]
  if (/wrong version number|packet length too long|EPROTO/i.test(`${code} ${message}`) || /does not support SSL/.test(message))
    return ['It does not speak TLS, which is asked of it.', `Switch TLS on at ${server}, or off here: ${tls}.`]
  if (code === 'CERT_HAS_EXPIRED') return ['Its certificate has expired.', `Renew the certificate of ${server}.`]
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return ['Its certificate is for another name.', `Mend ${address}, or give ${server} a certificate for this name.`]
  if (/SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)/.test(code))
    return ['Nobody trusted has signed its certificate.', `Set ${ca} to the PEM file of its authority.`]
  if (/ECONNRESET|EPIPE|socket hang up/.test(`${code} ${message}`))
    return ['It hangs up at once.', `See in the log of ${server} why; if it speaks TLS only, switch that on: ${tls}.`]
  return [`It cannot be asked: ${message}.`, `Look into the log of ${server}.`]
}
