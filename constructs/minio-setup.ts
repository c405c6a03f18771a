import { access, policyOf, storeUsers } from './minio-access.ts'
import type { BucketPurpose, StoreUser } from './object-store.ts'
import { containerSecurity, podSecurity } from './security-context.ts'
import type { StoreUserSecret } from './store-user-secret.ts'

const mountPath = '/mnt/users'

/** The Job that the chart runs after each install and upgrade: buckets, policies, then users. */
export function setupJob(
  buckets: Readonly<Record<BucketPurpose, string>>,
  users: Readonly<Record<StoreUser, StoreUserSecret>>,
  keepDeletedDays: number,
) {
  const container = {
    securityContext: { enabled: true },
    containerSecurityContext: containerSecurity,
    // Each `mc admin` call derives a key with Argon2: 94 to 152 MiB, and 128Mi was killed while the Job still reported success.
    resources: {
      requests: { cpu: '10m', memory: '64Mi', 'ephemeral-storage': '16Mi' },
      limits: { cpu: '1', memory: '256Mi', 'ephemeral-storage': '64Mi' },
    },
  }
  return {
    buckets: [
      bucket(buckets.lake, true),
      bucket(buckets.raw, true),
      // Loki and the backups delete by plan: an old version would only be kept space.
      bucket(buckets.logs, false),
      bucket(buckets.backups, false),
    ],
    policies: storeUsers.map(user => policyOf(access[user], buckets)),
    // The chart's `users` put access keys into this file, and its default is a public administrator.
    users: [],
    svcaccts: [],
    customCommands: [
      ...storeUsers.flatMap(user => userCommands(access[user].name)),
      ...[buckets.lake, buckets.raw].map(name => ({ command: expireOldVersions(name, keepDeletedDays) })),
    ],
    postJob: { securityContext: { enabled: true, ...podSecurity } },
    makePolicyJob: container,
    makeBucketJob: container,
    customCommandJob: {
      ...container,
      extraVolumes: [
        {
          name: 'users',
          projected: {
            sources: storeUsers.map(user => ({
              secret: {
                name: users[user].name,
                items: users[user].keys.map(key => ({ key, path: `${access[user].name}/${key}` })),
              },
            })),
          },
        },
      ],
      extraVolumeMounts: [{ name: 'users', mountPath, readOnly: true }],
    },
  }
}

/** `versioning` and `objectlocking` always stand there: chart 5.4.0 suspends versioning where the key is missing. */
function bucket(name: string, versioning: boolean) {
  return { name, policy: 'none', purge: false, versioning, objectlocking: false }
}

/** Repeating them is harmless: an existing user gets the Secret's present password. `mc` prints access keys, which must not reach the log. */
function userCommands(name: string) {
  const key = `"$(cat ${mountPath}/${name}/accessKey)"`
  return [
    { command: `admin user add myminio ${key} "$(cat ${mountPath}/${name}/secretKey)" >/dev/null` },
    { command: `admin policy attach myminio ${name} --user ${key} >/dev/null` },
  ]
}

/** In a versioned bucket a delete frees nothing until old versions expire. `import` replaces the rules, `rule add` would add one with each run. */
function expireOldVersions(bucket: string, days: number): string {
  const rule = {
    ID: 'expire-old-versions',
    Status: 'Enabled',
    Filter: { Prefix: '' },
    NoncurrentVersionExpiration: { NoncurrentDays: days },
    Expiration: { ExpiredObjectDeleteMarker: true },
  }
  return `ilm import myminio/${bucket} <<'RULES'\n${JSON.stringify({ Rules: [rule] })}\nRULES\n`
}
