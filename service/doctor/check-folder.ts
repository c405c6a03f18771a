import { accessSync, constants, existsSync, statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import { sizeText } from '../cli/print/size-text.ts'
import type { Config } from '../config.ts'
import { type Finding, fault, messageOf, ok, warning } from './finding.ts'

/** The folder that engines spill into and that bodies lie in until they are written. */
export function checkFolder({ lakeDir, engine, pool }: Pick<Config, 'lakeDir' | 'engine' | 'pool'>): Finding {
  const there = nearest(lakeDir)
  try {
    accessSync(there, constants.W_OK | constants.X_OK)
  } catch (error) {
    return fault('folder', `It cannot be written: ${messageOf(error)}.`, there, 'Choose another with LAKE_DIR, or change its permissions.')
  }
  const { bavail, bsize } = statfsSync(there)
  const [free, wanted] = [bavail * bsize, engine.spillMb * 1_048_576 * pool.engines]
  if (free >= wanted) return ok('folder', `It can be written and has ${sizeText(free)} left.`, lakeDir)
  return warning(
    'folder',
    `It has ${sizeText(free)} left; ${pool.engines} engines may spill ${sizeText(wanted)}.`,
    lakeDir,
    'Make room, take a larger disk with LAKE_DIR, or lower ENGINE_SPILL_MB.',
  )
}

/** The folder itself, or the one in which it would be made. */
function nearest(folder: string): string {
  return existsSync(folder) ? folder : nearest(dirname(folder))
}
