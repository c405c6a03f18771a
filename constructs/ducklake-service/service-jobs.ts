import { Size } from 'cdk8s'
import { Cpu, k8s } from 'cdk8s-plus-28'
import { Construct } from 'constructs'
import { contentHash } from '../config-file.ts'
import { invalid } from '../invalid.ts'
import { labels } from '../labels.ts'
import { jobPod, programs } from './service-pod.ts'
import { mebibytes, millicores } from './service-settings.ts'

export interface BackupSchedule {
  /** When the catalog and all files are saved to the bucket for backups, as cron has it, in UTC.
   * @default 30 2 * * * */
  readonly schedule?: string
  /** How many backups are kept, at least 1. */
  readonly keep: number
  /** When the newest one is restored aside, compared and removed again.
   * @default 30 4 * * 0 */
  readonly drillSchedule?: string
}

type PodParts = Omit<Parameters<typeof jobPod>[2], 'memory' | 'cpu' | 'spill'>

/** One core: nobody waits for them. */
const cpu = Cpu.millis(1_000)

/** Disk for what DuckDB spills while it sums tables up. */
const spill = Size.gibibytes(4)

/** A large lake takes hours; one that hangs must not hold the next one up for ever. */
const deadlineSeconds = 6 * 3_600

/** Backups, and the proof that they can be restored. What else a lake needs at times, the service does by itself. */
export class ServiceJobs extends Construct {
  constructor(
    scope: Construct,
    { schedule = '30 2 * * *', keep, drillSchedule = '30 4 * * 0' }: BackupSchedule,
    private readonly pod: PodParts & { readonly engineMemory: Size; readonly config: string },
  ) {
    super(scope, 'jobs')
    if (!Number.isInteger(keep) || keep < 1) throw invalid(this, `keep is ${keep}, use a whole number from 1.`)
    for (const [prop, text] of Object.entries({ schedule, drillSchedule }))
      if (text.trim().split(/\s+/).length !== 5)
        throw invalid(this, `${prop} is "${text}": use five fields as cron has them, such as 30 2 * * *.`)
    this.job('ducklake-backup', schedule, [...programs.backup, '--keep', `${keep}`], { administrator: false })
    // Roles and a database of its own are the administrator's to make.
    this.job('ducklake-restore-drill', drillSchedule, programs.restoreDrill, { administrator: true })
  }

  private job(name: string, schedule: string, words: readonly string[], rights: { readonly administrator: boolean }): void {
    // One DuckDB within its own limit, and what reads, hashes and sends files beside it.
    const memory = Size.mebibytes(mebibytes(this.pod.engineMemory) + 768)
    const { config, cpuRequest, ...others } = this.pod
    const parts = {
      ...others,
      memory,
      cpu,
      spill,
      ...(cpuRequest && { cpuRequest: millicores(cpuRequest) < millicores(cpu) ? cpuRequest : cpu }),
    }
    new k8s.KubeCronJob(this, name, {
      metadata: { name, labels: labels('ducklake-service', name) },
      spec: {
        schedule,
        timeZone: 'Etc/UTC',
        concurrencyPolicy: 'Forbid',
        startingDeadlineSeconds: 3_600,
        successfulJobsHistoryLimit: 2,
        failedJobsHistoryLimit: 2,
        jobTemplate: {
          spec: {
            backoffLimit: 1,
            // A pod that a drain took away was no try.
            podFailurePolicy: { rules: [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }] },
            activeDeadlineSeconds: deadlineSeconds,
            ttlSecondsAfterFinished: 7 * 86_400,
            template: {
              metadata: { labels: labels('ducklake-service', name), annotations: contentHash(config) },
              spec: jobPod(name, words, parts, rights),
            },
          },
        },
      },
    })
  }
}
