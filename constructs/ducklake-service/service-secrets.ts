import type { k8s } from 'cdk8s-plus-28'
import { Construct } from 'constructs'
import type { LakeSettingName } from '../../service/lake-settings.ts'
import type { Database } from '../database.ts'
import { External } from '../external.ts'
import { GeneratedSecret, type SecretMaker } from '../generated-secret.ts'
import type { ObjectStore } from '../object-store.ts'
import { SecretCopy } from '../secret-copy.ts'
import type { SecretKey } from '../secret-key.ts'
import type { LineageSink } from './service-network.ts'
import { folders } from './service-settings.ts'

interface ServiceSecretsProps {
  readonly namespace: string
  readonly objectStore: ObjectStore
  readonly catalog: Database
  readonly madeBy: SecretMaker
  readonly lineage: LineageSink | undefined
}

type Files = Partial<Readonly<Record<LakeSettingName | 'LINEAGE_TOKEN', SecretKey>>>

/** What the service must know and nobody may read: passwords of its four roles in PostgreSQL and the administrator's key, made here; keys of
 * the object store and PostgreSQL's administrator, copied from where they are made. All of it comes to the pods as files. */
export class ServiceSecrets extends Construct {
  /** What every pod of the service reads. */
  private readonly service: Files
  /** What only the migration and the restore drill may have. */
  private readonly administrator: Files
  private readonly props: ServiceSecretsProps
  private readonly copies = new Map<string, SecretCopy>()

  constructor(scope: Construct, props: ServiceSecretsProps) {
    super(scope, 'secrets')
    this.props = props
    const { namespace, madeBy } = props
    const roles = new GeneratedSecret(this, 'roles', {
      name: 'ducklake-roles',
      namespace,
      keys: ['reader', 'writer', 'maintenance', 'service'],
      madeBy,
    })
    const admin = new GeneratedSecret(this, 'admin', { name: 'ducklake-admin-key', namespace, keys: ['key'], madeBy, form: 'api-key' })
    const { lakeReader, lakeWriter, lakeMaintenance, raw, backups } = props.objectStore.credentials
    const users = [lakeReader, lakeWriter, lakeMaintenance, raw, backups]
    this.copy(...users.flatMap(({ accessKey, secretKey }) => [accessKey, secretKey]), props.catalog.administrator.password)
    const token = props.lineage?.token
    if (token) new External(this, 'lineage-token', { kind: 'Secret', namespace, name: token.secret, madeBy: 'whoever runs the lineage' })
    this.service = {
      CATALOG_READER_PASSWORD: roles.key('reader'),
      CATALOG_WRITER_PASSWORD: roles.key('writer'),
      CATALOG_MAINTENANCE_PASSWORD: roles.key('maintenance'),
      CATALOG_SERVICE_PASSWORD: roles.key('service'),
      S3_READER_KEY_ID: lakeReader.accessKey,
      S3_READER_SECRET: lakeReader.secretKey,
      S3_WRITER_KEY_ID: lakeWriter.accessKey,
      S3_WRITER_SECRET: lakeWriter.secretKey,
      S3_MAINTENANCE_KEY_ID: lakeMaintenance.accessKey,
      S3_MAINTENANCE_SECRET: lakeMaintenance.secretKey,
      S3_RAW_KEY_ID: raw.accessKey,
      S3_RAW_SECRET: raw.secretKey,
      S3_BACKUP_KEY_ID: backups.accessKey,
      S3_BACKUP_SECRET: backups.secretKey,
      ...(token && { LINEAGE_TOKEN: { namespace, ...token } }),
    }
    this.administrator = { CATALOG_ADMIN_PASSWORD: props.catalog.administrator.password, ADMIN_KEY: admin.key('key') }
  }

  /** `NAME_FILE` with the path of each. */
  get files(): Readonly<Record<string, string>> {
    return filesIn(folders.secrets, this.service)
  }

  get administratorFiles(): Record<string, string> {
    return filesIn(folders.administrator, this.administrator)
  }

  get volumes(): { readonly secrets: k8s.Volume; readonly administrator: k8s.Volume } {
    return { secrets: volume('secrets', this.service), administrator: volume('administrator', this.administrator) }
  }

  /** Beside the pods, under the same names: each Secret once, with the keys that are read. */
  private copy(...keys: readonly SecretKey[]): void {
    const { namespace, madeBy } = this.props
    for (const { secret, namespace: from } of keys) {
      if (from === namespace || this.copies.has(secret)) continue
      const ofSecret = keys.filter(key => key.secret === secret).map(({ key }) => key)
      this.copies.set(secret, new SecretCopy(this, secret, { name: secret, from, namespace, keys: ofSecret, madeBy }))
    }
  }
}

function filesIn(folder: string, files: Files): Record<string, string> {
  return Object.fromEntries(Object.keys(files).map(name => [`${name}_FILE`, `${folder}/${name}`]))
}

/** One folder out of several Secrets, with a file for each setting. */
function volume(name: string, files: Files): k8s.Volume {
  const entries = Object.entries(files)
  const secrets = [...new Set(entries.map(([, { secret }]) => secret))]
  return {
    name,
    projected: {
      // For the pod's group and nobody else.
      defaultMode: 0o440,
      sources: secrets.map(secret => ({
        secret: { name: secret, items: entries.filter(([, from]) => from.secret === secret).map(([path, { key }]) => ({ key, path })) },
      })),
    },
  }
}
