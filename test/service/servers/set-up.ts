import { execFileSync } from 'node:child_process'
import { buildMissingPrograms } from './minio-programs.ts'
import { buildToxiproxy } from './toxiproxy.ts'

/** Before the first test, so that no test's time runs out meanwhile. */
export function setup(): void {
  execFileSync(process.execPath, ['.ci/build.mjs'], { stdio: 'inherit' })
  buildMissingPrograms()
  buildToxiproxy()
}
