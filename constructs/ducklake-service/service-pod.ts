import type { Size } from 'cdk8s'
import { type Cpu, k8s } from 'cdk8s-plus-28'
import { quantities } from '../quantities.ts'
import { containerSecurity, podSecurity } from '../security-context.ts'
import { folders, mebibytes, ports } from './service-settings.ts'

/** What the image's programs are started by, in its folder. A smaller space for young objects keeps 40 MB out of each process. */
export const programs = {
  server: ['node', '--max-semi-space-size=4', '.build/server.js'],
  migrate: ['node', '.build/migrate.js'],
  backup: ['node', '.build/backup.js'],
  restoreDrill: ['node', '.build/restore-drill.js'],
} as const

/** The ConfigMap with the service's environment. */
export const configName = 'ducklake-service'

/** How long the migration waits for a PostgreSQL that is not there yet, before Kubernetes starts it again. */
const migrateWaitSeconds = 300

interface ProgramProps {
  readonly image: string
  readonly memory: Size
  readonly cpu: Cpu
  readonly cpuRequest?: Cpu
  /** The folder of what DuckDB spills. */
  readonly spill: Size
  readonly volumes: Readonly<Record<'secrets' | 'administrator', k8s.Volume>>
  readonly administratorFiles: Readonly<Record<string, string>>
}

/** What every pod of the service has, whichever program runs in it. */
const shared = {
  serviceAccountName: 'ducklake-service',
  automountServiceAccountToken: false,
  enableServiceLinks: false,
  securityContext: podSecurity,
} as const

const secrets: k8s.VolumeMount = { name: 'secrets', mountPath: folders.secrets, readOnly: true }
const administrator: k8s.VolumeMount = { name: 'administrator', mountPath: folders.administrator, readOnly: true }
const lake: k8s.VolumeMount = { name: 'lake', mountPath: folders.lake }
const spool: k8s.VolumeMount = { name: 'spool', mountPath: folders.spool }

/** The pod that serves. What makes or updates catalog and roles runs before it, and alone has the administrator's password. */
export function servicePod(props: ProgramProps & { readonly spool: Size }, graceSeconds: number): k8s.PodSpec {
  return {
    ...shared,
    terminationGracePeriodSeconds: graceSeconds,
    initContainers: [
      {
        ...program('migrate', props, [...programs.migrate, '--wait', `${migrateWaitSeconds}`]),
        ...asAdministrator(props),
        resources: {
          requests: quantities({ cpu: '100m', memory: '256Mi', 'ephemeral-storage': '16Mi' }),
          limits: quantities({ cpu: '1', memory: '512Mi', 'ephemeral-storage': '64Mi' }),
        },
        volumeMounts: [secrets, administrator, lake],
      },
    ],
    containers: [
      {
        ...program('service', props, programs.server),
        ports: Object.entries(ports).map(([name, containerPort]) => ({ name, containerPort })),
        // It answers once its first engine is there or has failed: seconds, and longer where a node is busy.
        startupProbe: { httpGet: { path: '/livez', port: httpPort }, periodSeconds: 2, timeoutSeconds: 2, failureThreshold: 60 },
        readinessProbe: { httpGet: { path: '/readyz', port: httpPort }, periodSeconds: 5, timeoutSeconds: 4, failureThreshold: 2 },
        // Not `/readyz`: without its servers the service waits for them, and a restart would bring nobody back.
        livenessProbe: { httpGet: { path: '/livez', port: httpPort }, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6 },
        resources: resources(props, mebibytes(props.spill) + mebibytes(props.spool)),
        volumeMounts: [secrets, lake, spool],
      },
    ],
    volumes: [props.volumes.secrets, props.volumes.administrator, room('lake', props.spill), room('spool', props.spool)],
  }
}

/** A pod of one program that ends. */
export function jobPod(
  name: string,
  words: readonly string[],
  props: ProgramProps,
  rights: { readonly administrator: boolean },
): k8s.PodSpec {
  return {
    ...shared,
    restartPolicy: 'Never',
    containers: [
      {
        ...program(name, props, words),
        ...(rights.administrator && asAdministrator(props)),
        resources: resources(props, mebibytes(props.spill)),
        volumeMounts: [secrets, ...(rights.administrator ? [administrator] : []), lake],
      },
    ],
    volumes: [props.volumes.secrets, ...(rights.administrator ? [props.volumes.administrator] : []), room('lake', props.spill)],
  }
}

function program(name: string, { image }: ProgramProps, words: readonly string[]): k8s.Container {
  return {
    name,
    image,
    imagePullPolicy: 'IfNotPresent',
    command: [...words],
    envFrom: [{ configMapRef: { name: configName } }],
    securityContext: containerSecurity,
  }
}

function asAdministrator({ administratorFiles }: ProgramProps): Pick<k8s.Container, 'env'> {
  return { env: Object.entries(administratorFiles).map(([name, value]) => ({ name, value })) }
}

/** Memory is never lent out: what a pod may take is there for it. */
function resources({ memory, cpu, cpuRequest = cpu }: ProgramProps, diskMebibytes: number): k8s.ResourceRequirements {
  return {
    requests: quantities({ cpu: cpuRequest.amount, memory: memory.asString(), 'ephemeral-storage': '256Mi' }),
    // Volumes on the node's disk count, and so do logs.
    limits: quantities({ cpu: cpu.amount, memory: memory.asString(), 'ephemeral-storage': `${diskMebibytes + 256}Mi` }),
  }
}

function room(name: string, size: Size): k8s.Volume {
  return { name, emptyDir: { sizeLimit: k8s.Quantity.fromString(size.asString()) } }
}

const httpPort = k8s.IntOrString.fromString('http')
