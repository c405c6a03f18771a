import type { Construct } from 'constructs'
import { invalid } from './invalid.ts'
import type { MinioProps } from './minio.ts'

/** MinIO refuses to start with fewer: below four drives there is nothing to spread parity over. */
const minDrives = 4

/** The most drives that one object is spread over; more are split into equal sets. */
const maxDrivesPerSet = 16

export function assertDrives(construct: Construct, { mode, driveSize, keepDeletedDays = 30 }: MinioProps): void {
  if (driveSize.toMebibytes({ rounding: 1 }) < 1024)
    throw invalid(construct, `driveSize is ${driveSize.asString()}, use at least Size.gibibytes(1).`)
  if (!Number.isInteger(keepDeletedDays) || keepDeletedDays < 1 || keepDeletedDays > 365) {
    throw invalid(construct, `keepDeletedDays is ${keepDeletedDays}, use a whole number of days from 1 to 365.`)
  }
  if (mode.kind === 'standalone') return

  const { servers, drivesPerServer } = mode
  for (const [name, value] of Object.entries({ servers, drivesPerServer })) {
    if (!Number.isInteger(value) || value < 1) throw invalid(construct, `${name} is ${value}, use a whole number from 1.`)
  }
  const drives = servers * drivesPerServer
  if (drives < minDrives) {
    throw invalid(
      construct,
      `${servers} servers with ${drivesPerServer} drive(s) each are ${drives} drives, distributed MinIO needs at least ${minDrives}: use 4 servers, or more drives on each.`,
    )
  }
  const setSizes = Array.from({ length: maxDrivesPerSet - minDrives + 1 }, (_, index) => minDrives + index)
  if (!setSizes.some(size => drives % size === 0)) {
    throw invalid(construct, `${drives} drives do not divide into equal sets of ${minDrives} to ${maxDrivesPerSet}: use a multiple of 4.`)
  }
}

export function assertBuckets(construct: Construct, buckets: MinioProps['buckets']): void {
  const seen = new Map<string, string>()
  for (const [purpose, name] of Object.entries(buckets)) {
    if (!/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(name) || name.startsWith('xn--') || name.endsWith('-s3alias')) {
      throw invalid(
        construct,
        `the bucket name "${name}" (${purpose}) is none that S3 takes: use 3 to 63 lower-case letters, digits and hyphens, a letter or digit at both ends.`,
      )
    }
    const other = seen.get(name)
    if (other) throw invalid(construct, `the buckets ${other} and ${purpose} are both called "${name}": each purpose needs its own.`)
    seen.set(name, purpose)
  }
}
