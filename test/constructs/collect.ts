import { type Entry, runPipeline } from '../../constructs/log-pipeline/run-pipeline.ts'
import { collectorPipeline, postgresEvents } from '../../constructs/log-pipelines.ts'

/** What a collector knows of a container before it reads a line. */
export const postgresTarget = {
  namespace: 'storage',
  pod: 'postgres-0',
  container: 'postgresql',
  app: 'postgresql',
  job: 'storage/postgresql',
  service: 'postgresql',
  filename: '/var/log/pods/storage_postgres-0_1/postgresql/0.log',
}
export const serviceTarget = {
  namespace: 'ducklake',
  pod: 'ducklake-service-1',
  container: 'service',
  app: 'ducklake-service',
  job: 'ducklake/ducklake-service',
  service: 'ducklake-service',
  filename: '/var/log/pods/ducklake_ducklake-service-1_1/service/0.log',
}

/** How much of a line containerd writes at once. */
const partBytes = 16 * 1024

/** The lines of a container's file: as containerd writes what a program printed, long lines in parts.
 * @param begins in milliseconds since 1970; each line comes a nanosecond later than the one before */
export function criLines(text: string, begins = Date.UTC(2026, 10, 26, 1)): string[] {
  return text.split('\n').flatMap((line, n) => {
    const [seconds, ns] = [Math.floor(begins / 1_000), (begins % 1_000) * 1_000_000 + n]
    const time = `${new Date(seconds * 1_000).toISOString().slice(0, 19)}.${String(ns).padStart(9, '0')}Z`
    const parts = line.match(new RegExp(`[^]{1,${partBytes}}`, 'g')) ?? ['']
    return parts.map((part, i) => `${time} stderr ${i < parts.length - 1 ? 'P' : 'F'} ${part}`)
  })
}

/** What becomes of a text that a container printed. */
export function collect(text: string, target: Readonly<Record<string, string>> = postgresTarget, events = postgresEvents): Entry[] {
  return runPipeline(collectorPipeline(events), criLines(text), target)
}
