import type { Construct } from 'constructs'
import { GeneratedSecret, type SecretMaker } from './generated-secret.ts'
import { access } from './minio-access.ts'
import type { StoreCredentials, StoreUser } from './object-store.ts'
import type { SecretKey } from './secret-key.ts'

/** The two keys of one user of the object store. The access key is random too: some releases let in whoever knows it. */
export class StoreUserSecret extends GeneratedSecret<'accessKey' | 'secretKey'> implements StoreCredentials {
  readonly accessKey: SecretKey
  readonly secretKey: SecretKey

  constructor(scope: Construct, user: StoreUser, namespace: string, madeBy: SecretMaker) {
    super(scope, user, { name: `minio-${access[user].name}`, namespace, keys: ['accessKey', 'secretKey'], madeBy })
    this.accessKey = this.key('accessKey')
    this.secretKey = this.key('secretKey')
  }
}
