import { k8s } from 'cdk8s-plus-28'
import type { LokiProps } from '../loki.ts'
import type { StoreCredentials } from '../object-store.ts'
import { quantities } from '../quantities.ts'
import { containerSecurity } from '../security-context.ts'
import { folders, ports } from './configure-loki.ts'
import { generations } from './loki-generation.ts'

const port = k8s.IntOrString.fromString('http')

/** The process in the pod, with everything from the outside that it reads. */
export function lokiContainer(props: LokiProps & { readonly credentials?: StoreCredentials }): k8s.Container {
  const { generation, memory, cpu, store, credentials } = props
  const { image } = generations[generation]
  return {
    name: 'loki',
    image: `${image.source}:${image.version}`,
    imagePullPolicy: 'IfNotPresent',
    args: [`-config.file=${folders.config}/loki.yaml`],
    env: [
      // The garbage collector works harder near the limit, instead of being killed at it.
      { name: 'GOMEMLIMIT', value: `${Math.floor(memory.toMebibytes() * 0.9)}MiB` },
      ...(credentials && store.kind === 'object-store'
        ? [
            {
              name: 'AWS_ACCESS_KEY_ID',
              valueFrom: { secretKeyRef: { name: credentials.accessKey.secret, key: credentials.accessKey.key } },
            },
            {
              name: 'AWS_SECRET_ACCESS_KEY',
              valueFrom: { secretKeyRef: { name: credentials.secretKey.secret, key: credentials.secretKey.key } },
            },
          ]
        : []),
    ],
    ports: Object.entries(ports).map(([name, containerPort]) => ({ name, containerPort })),
    // Ready comes 15 s after the start, by design; before it the log ahead of the lines is read, which may take minutes.
    startupProbe: { httpGet: { path: '/ready', port }, periodSeconds: 5, failureThreshold: 120 },
    readinessProbe: { httpGet: { path: '/ready', port }, periodSeconds: 10, timeoutSeconds: 5 },
    // Not `/ready`: a Loki that is only busy must not be restarted into reading its log again.
    livenessProbe: {
      httpGet: { path: '/loki/api/v1/status/buildinfo', port },
      periodSeconds: 20,
      timeoutSeconds: 5,
      failureThreshold: 6,
    },
    resources: {
      requests: quantities({ cpu: cpu.amount, memory: memory.asString(), 'ephemeral-storage': '64Mi' }),
      limits: quantities({ cpu: cpu.amount, memory: memory.asString(), 'ephemeral-storage': store.volume ? '512Mi' : '5Gi' }),
    },
    securityContext: containerSecurity,
    volumeMounts: [
      { name: 'config', mountPath: folders.config, readOnly: true },
      { name: 'rules', mountPath: `${folders.rules}/fake`, readOnly: true },
      { name: 'data', mountPath: folders.data },
      // The compactor of Loki 3 makes its files there first.
      { name: 'tmp', mountPath: '/tmp' },
    ],
  }
}
