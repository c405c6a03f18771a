import { statfs } from 'node:fs/promises'
import { ServiceError } from '../errors.ts'

/** Space that bodies leave free: engines spill to the same disk, and a full one stops more than uploads. */
const reserveBytes = 268_435_456

/** @throws ServiceError storageFull if so many bytes more would leave less than the reserve. */
export async function assertFreeSpace(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder)
  if (bavail * bsize - bytes >= reserveBytes) return
  throw new ServiceError('storageFull', 'There is not enough free disk for this body: try again later, or send it in parts.')
}

/** The disk's own word that it is full. */
export function isDiskFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')
}
